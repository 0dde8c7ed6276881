using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Payments;

namespace Portal.Core.Invoicing;

/// <summary>A line with its explanation and the name of its project.</summary>
public sealed record InvoiceLineDetails(
    Guid Id,
    int Position,
    InvoiceLineKind Kind,
    string Description,
    string MetricName,
    string Unit,
    Guid? ProjectId,
    string? ProjectName,
    int UsageYear,
    int UsageMonth,
    long EventCount,
    decimal Quantity,
    decimal? UnitPrice,
    decimal Amount,
    decimal UnroundedAmount,
    string? HsnSac,
    Guid? PriceId,
    LineExplanation Explanation,
    LineTax Tax);

/// <summary>What became of a line's amount after rating: conversion, discount and tax.</summary>
/// <param name="Charge">In the invoice's currency; with the tax where the price contains it.</param>
/// <param name="Rate">Per cent; null where none was charged.</param>
/// <param name="Amount">The line's share of the invoice's tax.</param>
/// <param name="IsInclusive">True: the charge contains it.</param>
/// <param name="Conversion">Where the price is in another currency.</param>
public sealed record LineTax(decimal Charge, decimal? Rate, decimal Amount, bool IsInclusive, Currencies.ConvertedAmount? Conversion)
{
    /// <summary>Taken off the charge before tax; the explanation names the discounts.</summary>
    public decimal Discount { get; init; }

    public static LineTax Of(InvoiceLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return new LineTax(
            line.Charge, line.TaxRate, line.TaxAmount, line.IsTaxInclusive,
            line is { OriginalAmount: { } original, OriginalCurrency: { } currency, ExchangeRate: { } rate, ExchangeRateDay: { } day }
                ? new Currencies.ConvertedAmount(original, currency, rate, day, line.ExchangeRateSource ?? "", line.Charge)
                : null)
        {
            Discount = line.Discount,
        };
    }
}

/// <summary>A part of a payment that settled the invoice.</summary>
public sealed record InvoicePaymentDetails(Guid PaymentId, PaymentMethod Method, PaymentStatus Status, decimal Amount, string? Reference, DateTimeOffset ReceivedAt);

/// <summary>Something that happened to the invoice, from the audit log.</summary>
public sealed record TimelineEntry(Guid Id, string Action, string ActorName, DateTimeOffset At, string? Before, string? After);

/// <summary>An invoice with all that belongs to it.</summary>
/// <param name="Invoice">The facts.</param>
/// <param name="OrganisationName">The organisation's name now; <paramref name="Customer"/> has it as of issue.</param>
/// <param name="Seller">As of issue; null for a draft.</param>
/// <param name="Customer">As of issue; null for a draft.</param>
/// <param name="Lines">In order.</param>
/// <param name="Taxes">In order.</param>
/// <param name="Payments">Oldest first.</param>
/// <param name="Timeline">Oldest first.</param>
/// <param name="ProjectNames">Names of the projects that the explanations speak of.</param>
public sealed record InvoiceDetails(
    Invoice Invoice,
    string OrganisationName,
    Settings.SellerProfile? Seller,
    CustomerSnapshot? Customer,
    IReadOnlyList<InvoiceLineDetails> Lines,
    IReadOnlyList<InvoiceTax> Taxes,
    IReadOnlyList<InvoicePaymentDetails> Payments,
    IReadOnlyList<TimelineEntry> Timeline,
    IReadOnlyDictionary<Guid, string> ProjectNames);

/// <summary>One invoice. Customers see no drafts.</summary>
public sealed class GetInvoice(IBillingStore store)
{
    public async Task<Result<InvoiceDetails>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var invoice = await db.Invoices.AsNoTracking().Include(invoice => invoice.Lines).Include(invoice => invoice.Taxes)
            .Where(invoice => invoice.Id == id && (call.OrganisationId == null || invoice.Status != InvoiceStatus.Draft))
            .SingleOrDefaultAsync(cancellationToken);
        if (invoice is null)
            return Failure.NotFound("invoice");
        var organisationName = await db.Organisations.Where(organisation => organisation.Id == invoice.OrganisationId).Select(organisation => organisation.Name).SingleAsync(cancellationToken);
        var projectNames = await db.Projects.Where(project => project.OrganisationId == invoice.OrganisationId).ToDictionaryAsync(project => project.Id, project => project.Name, cancellationToken);
        var payments = await (
            from allocation in db.Payments.SelectMany(payment => payment.Allocations, (payment, allocation) => new { payment, allocation })
            where allocation.allocation.InvoiceId == id
            orderby allocation.allocation.CreatedAt
            select new InvoicePaymentDetails(allocation.payment.Id, allocation.payment.Method, allocation.payment.Status, allocation.allocation.Amount, allocation.payment.Reference ?? allocation.payment.ProviderPaymentId, allocation.payment.ReceivedAt))
            .ToListAsync(cancellationToken);
        var timeline = await db.AuditLog.Where(entry => entry.EntityId == id).OrderBy(entry => entry.Id)
            .Select(entry => new TimelineEntry(entry.Id, entry.Action, entry.ActorName, entry.CreatedAt, entry.Before, entry.After))
            .Take(500).ToListAsync(cancellationToken);
        return new InvoiceDetails(
            invoice,
            organisationName,
            invoice.Seller is null ? null : InvoiceJson.Read<Settings.SellerProfile>(invoice.Seller),
            invoice.Customer is null ? null : InvoiceJson.Read<CustomerSnapshot>(invoice.Customer),
            [.. invoice.Lines.OrderBy(line => line.Position).Select(line => Details(line, projectNames))],
            [.. invoice.Taxes.OrderBy(tax => tax.Position)],
            payments,
            timeline,
            projectNames);
    }

    private static InvoiceLineDetails Details(InvoiceLine line, Dictionary<Guid, string> projectNames) => new(
        line.Id,
        line.Position,
        line.Kind,
        line.Description,
        line.MetricName,
        line.Unit,
        line.ProjectId,
        line.ProjectId is { } project ? projectNames.GetValueOrDefault(project) : null,
        line.UsageYear,
        line.UsageMonth,
        line.EventCount,
        line.Quantity,
        line.UnitPrice,
        line.Amount,
        line.UnroundedAmount,
        line.HsnSac,
        line.PriceId,
        InvoiceJson.Read<LineExplanation>(line.Explanation),
        LineTax.Of(line));
}
