using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Outbox;
using Portal.Core.Payments;
using Portal.Core.Pricing;
using Portal.Core.Simulations;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Components.Support;

/// <summary>What a seller's books hold once a month is billed: one customer's invoice is issued, mailed and half paid, another's waits as a draft.</summary>
/// <param name="Customer">Owes 68 of 118 rupees.</param>
/// <param name="Other">Whose invoice is a draft.</param>
/// <param name="Run">Of October, ended.</param>
/// <param name="Issued">Of <paramref name="Customer"/>.</param>
/// <param name="Draft">Of <paramref name="Other"/>.</param>
/// <param name="Payment">50 rupees by bank transfer, reference UTR-1.</param>
/// <param name="Simulation">October with calls at 2, worked off.</param>
public sealed record Books(Organisation Customer, Organisation Other, BillingRunDetails Run, Invoice Issued, Invoice Draft, RecordedPayment Payment, Guid Simulation)
{
    /// <summary>What <see cref="Customer"/> is subscribed to, where a test has seen to it.</summary>
    public Guid PlanId { get; init; }

    /// <summary>Brings it all about with the actions of the product.</summary>
    public static async Task<Books> KeepAsync(PageWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        var billing = world.Billing;
        await billing.PriceAsync("api_calls", 1);
        var (customer, other) = (await billing.OrganisationAsync(), await billing.OrganisationAsync());
        foreach (var organisation in new[] { customer, other })
            await world.SendAsync(organisation, await billing.ProjectAsync(organisation.Id, "Shop"), new DateTimeOffset(2026, 10, 20, 6, 0, 0, TimeSpan.Zero), 100);
        var run = await billing.RunAsync(BillingWorld.October);
        await IssueAsync(world, (await billing.InvoicesAsync(customer.Id)).Single().Id);
        var issued = (await billing.InvoicesAsync(customer.Id)).Single();
        var payment = await PayAsync(world, issued.Id, 50);
        while (await world.Get<DispatchOutbox>().RunAsync(default))
        {
            // Until all mails are out.
        }

        var draft = new SimulationDraft { Price = new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 2 } };
        var simulation = (await billing.Get<StartSimulation>().RunAsync(billing.Staff, new StartSimulationRequest { Months = 1, Draft = draft }, default)).Value.Id;
        await billing.Get<RunSimulation>().RunNextAsync(default);
        return new Books(customer, other, run, (await billing.InvoicesAsync(customer.Id)).Single(), (await billing.InvoicesAsync(other.Id)).Single(), payment, simulation);
    }

    public static async Task IssueAsync(PageWorld world, Guid draft)
    {
        ArgumentNullException.ThrowIfNull(world);
        var issued = await world.Billing.Get<IssueInvoice>().RunAsync(world.Billing.Staff, draft, default);
        issued.Succeeded.ShouldBeTrue(issued.Succeeded ? null : issued.Failure.Message);
    }

    public static async Task<RecordedPayment> PayAsync(PageWorld world, Guid invoice, decimal amount, string reference = "UTR-1")
    {
        ArgumentNullException.ThrowIfNull(world);
        var paid = await world.Get<RecordPayment>().RunAsync(world.Billing.Staff, new RecordPaymentRequest { InvoiceId = invoice, Amount = amount, Reference = reference, ReceivedAt = world.Billing.Clock.Now }, default);
        paid.Succeeded.ShouldBeTrue(paid.Succeeded ? null : paid.Failure.Message);
        return paid.Value;
    }
}
