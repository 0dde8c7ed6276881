using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Settings;
using Portal.Core.Tax;

namespace Portal.Core.FirstRun;

/// <summary>A step of the first set-up, in their order.</summary>
public enum SetUpStep
{
    /// <summary>Who sells: without it nothing can be issued.</summary>
    Seller,
    Organisation,
    Project,
    Key,
    Price,

    /// <summary>The first usage event that was taken.</summary>
    FirstEvent,
}

/// <summary>How far the set-up is. Nothing of it is kept: every step is read off what there is.</summary>
/// <param name="Done">The steps that are done.</param>
/// <param name="IsDismissed">True: staff do not want to be reminded.</param>
/// <param name="OrganisationId">The organisation that the next steps are for: the newest.</param>
/// <param name="ProjectId">A project of it, the newest.</param>
/// <param name="Seller">The seller's profile as it stands.</param>
public sealed record SetUpProgress(IReadOnlySet<SetUpStep> Done, bool IsDismissed, Guid? OrganisationId, Guid? ProjectId, SellerProfile Seller)
{
    /// <summary>All steps are done.</summary>
    public bool IsFinished => Done.Count == Enum.GetValues<SetUpStep>().Length;

    /// <summary>What to do next; null when all is done.</summary>
    public SetUpStep? Next => Enum.GetValues<SetUpStep>().Where(step => !Done.Contains(step)).Select(step => (SetUpStep?)step).FirstOrDefault();
}

/// <summary>Reads how far the set-up is.</summary>
public sealed class GetSetUp(IBillingStore store)
{
    /// <summary>The key of the settings that says that nobody wants to be reminded.</summary>
    internal const string DismissedKey = "first_run_dismissed";

    /// <summary>Needs <c>settings:write</c>, as staff: those who can set up are led through it.</summary>
    public async Task<Result<SetUpProgress>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SettingsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        // Two questions, as the staff's overview asks them each time. What does not speak of the row would be a question of its own.
        var settings = await db.Settings.AsNoTracking().Where(row => row.Key == PlatformSettings.Key || row.Key == DismissedKey).ToDictionaryAsync(row => row.Key, row => row.Value, cancellationToken);
        var seller = SettingsStore.Read(settings.GetValueOrDefault(PlatformSettings.Key));
        var newest = await db.Organisations.OrderByDescending(row => row.Id)
            .Select(row => new
            {
                row.Id,
                ProjectId = db.Projects.Where(project => project.OrganisationId == row.Id).OrderByDescending(project => project.Id).Select(project => (Guid?)project.Id).FirstOrDefault(),
                HasProjects = db.Projects.Any(project => project.OrganisationId == row.Id || project.OrganisationId != row.Id),
                HasKeys = db.ApiKeys.Any(key => key.RevokedAt == null && (key.OrganisationId == row.Id || key.OrganisationId != row.Id)),
                HasPrices = db.Prices.Any(price => price.OrganisationId == row.Id || price.OrganisationId != row.Id),
                HasEvents = db.UsageAggregates.Any(sum => sum.OrganisationId == row.Id || sum.OrganisationId != row.Id),
            })
            .FirstOrDefaultAsync(cancellationToken);
        var done = new HashSet<SetUpStep>();
        void Mark(SetUpStep step, bool isDone)
        {
            if (isDone)
                done.Add(step);
        }

        Mark(SetUpStep.Seller, IssueReadiness.Check(seller) is null);
        Mark(SetUpStep.Organisation, newest is not null);
        Mark(SetUpStep.Project, newest?.HasProjects == true);
        Mark(SetUpStep.Key, newest?.HasKeys == true);
        Mark(SetUpStep.Price, newest?.HasPrices ?? await db.Prices.AnyAsync(cancellationToken));
        Mark(SetUpStep.FirstEvent, newest?.HasEvents == true);
        return new SetUpProgress(done, settings.ContainsKey(DismissedKey), newest?.Id, newest?.ProjectId, seller.Seller);
    }
}

/// <summary>Ends the reminder on the staff's overview; the set-up itself stays where it is.</summary>
public sealed class DismissSetUp(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>settings:write</c>, as staff. Doing it twice is doing it once.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SettingsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Settings.AnyAsync(row => row.Key == GetSetUp.DismissedKey, cancellationToken))
            return default(Unit);
        db.Settings.Add(Setting.Create(GetSetUp.DismissedKey, JsonSerializer.Serialize(now), now));
        db.Audit(call, new AuditRecord("set_up.dismissed", "settings", Guid.Empty, null), now);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException)
        {
            // Somebody else was as quick.
        }

        return default(Unit);
    }
}

/// <summary>Says who sells.</summary>
public sealed class SaveSeller(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>settings:write</c>, as staff. Fails with <c>invalid</c> by field. Everything else of the settings stays.</summary>
    public async Task<Result<SellerProfile>> RunAsync(CallContext call, SellerProfile seller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(seller);
        if (!call.May(Permissions.SettingsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        seller = seller with { LegalName = seller.LegalName.Trim(), Address = seller.Address.Trim(), Country = seller.Country.Trim().ToUpperInvariant(), StateCode = OrNone(seller.StateCode), TaxId = OrNone(seller.TaxId)?.ToUpperInvariant(), Email = OrNone(seller.Email), Phone = OrNone(seller.Phone) };
        if (SettingsRules.CheckSeller(seller) is { Count: > 0 } failures)
            return failures;
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var settings = await db.PlatformSettingsAsync(cancellationToken);
        var tables = await db.TaxTablesAsync([], billed: null, cancellationToken);
        await TaxProfileVersions.KeepAsync(db, settings.Seller, seller, tables.DayOf(now), now, cancellationToken);
        await db.SavePlatformSettingsAsync(settings with { Seller = seller }, now, cancellationToken);
        db.Audit(call, new AuditRecord("settings.seller_changed", "settings", Guid.Empty, null, settings.Seller, seller), now);
        await db.CommitAsync(cancellationToken);
        return seller;
    }

    private static string? OrNone(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
