using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Tax;

namespace Portal.Core.Settings;

/// <summary>The settings, and which state of them that is.</summary>
/// <param name="Settings">In force.</param>
/// <param name="Version">Goes back with a change, so that nobody's is lost; null while nobody has saved any.</param>
public sealed record StoredSettings(PlatformSettings Settings, DateTimeOffset? Version);

/// <summary>Reads the platform's settings.</summary>
public sealed class GetSettings(IBillingStore store)
{
    /// <summary>Needs <c>settings:write</c>, as staff.</summary>
    public async Task<Result<StoredSettings>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SettingsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await SaveSettings.ReadAsync(db, cancellationToken);
    }
}

/// <summary>What is to change: one group, or several; null leaves a group as it is.</summary>
public sealed record SettingsChanges
{
    public SellerProfile? Seller { get; init; }

    public NumberingSettings? Numbering { get; init; }

    public BillingSettings? Billing { get; init; }

    public OrganisationDefaults? Defaults { get; init; }
}

/// <summary>How invoices are numbered.</summary>
/// <param name="InvoiceSeries">Starts every number.</param>
/// <param name="FinancialYearStart">Month, 1 to 12.</param>
public sealed record NumberingSettings(string InvoiceSeries, int FinancialYearStart);

/// <summary>How invoices are made.</summary>
/// <param name="TimeZone">IANA zone of the seller.</param>
/// <param name="AutoIssue">True: a billing run issues what it makes.</param>
/// <param name="PaymentInstructions">Below the totals.</param>
public sealed record BillingSettings(string TimeZone, bool AutoIssue, string PaymentInstructions);

/// <summary>Changes the platform's settings. What is issued already keeps what it was issued with.</summary>
public sealed class SaveSettings(IBillingStore store, TimeProvider clock)
{
    /// <summary>What a change's audit row is about.</summary>
    public static readonly Guid SettingsId = new("01900000-0000-7000-8000-0000000000a2");

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>Needs <c>settings:write</c>, as staff. Invalid by field; conflict <c>settings_changed</c> when somebody saved since <paramref name="version"/>.</summary>
    public async Task<Result<StoredSettings>> RunAsync(CallContext call, SettingsChanges changes, DateTimeOffset? version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(changes);
        if (!call.May(Permissions.SettingsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        changes = SettingsRules.Tidy(changes);
        if (SettingsRules.Check(changes) is { Count: > 0 } failures)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var stored = await ReadAsync(db, cancellationToken);
        if (stored.Version != version)
            return Stale();
        var after = Merge(stored.Settings, changes);
        // The database keeps microseconds; a version must come back as it went.
        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        if (changes.Seller is { } seller)
        {
            var tables = await db.TaxTablesAsync([], billed: null, cancellationToken);
            await TaxProfileVersions.KeepAsync(db, stored.Settings.Seller, seller, tables.DayOf(now), now, cancellationToken);
        }

        db.Audit(call, new AuditRecord("settings.changed", "settings", SettingsId, null, Changed(stored.Settings, changes), Changed(after, changes)), now);
        var value = JsonSerializer.Serialize(after, s_json);
        if (version is null)
            db.Settings.Add(Setting.Create(PlatformSettings.Key, value, now));
        else if (await db.Settings.Where(setting => setting.Key == PlatformSettings.Key && setting.UpdatedAt == version)
            .ExecuteUpdateAsync(row => row.SetProperty(setting => setting.Value, value).SetProperty(setting => setting.UpdatedAt, now), cancellationToken) == 0)
            return Stale();
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException)
        {
            return Stale();
        }

        return new StoredSettings(after, now);
    }

    internal static async Task<StoredSettings> ReadAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        var settings = await db.PlatformSettingsAsync(cancellationToken);
        return new StoredSettings(settings, await db.Settings.Where(setting => setting.Key == PlatformSettings.Key).Select(setting => (DateTimeOffset?)setting.UpdatedAt).SingleOrDefaultAsync(cancellationToken));
    }

    private static Failure Stale() => Failure.Conflict("settings_changed", "Someone else saved the settings in the meantime. Reload the page and make your change again.");

    private static PlatformSettings Merge(PlatformSettings before, SettingsChanges changes)
    {
        var after = before with { Seller = changes.Seller ?? before.Seller, Defaults = changes.Defaults ?? before.Defaults };
        if (changes.Numbering is { } numbering)
            after = after with { InvoiceSeries = numbering.InvoiceSeries, FinancialYearStart = numbering.FinancialYearStart };
        if (changes.Billing is { } billing)
            after = after with { TimeZone = billing.TimeZone, AutoIssue = billing.AutoIssue, PaymentInstructions = billing.PaymentInstructions };
        return after;
    }

    // The groups that were sent, and no others: an audit row is small.
    private static object Changed(PlatformSettings settings, SettingsChanges changes) => new
    {
        Seller = changes.Seller is null ? null : settings.Seller,
        Numbering = changes.Numbering is null ? null : new NumberingSettings(settings.InvoiceSeries, settings.FinancialYearStart),
        Billing = changes.Billing is null ? null : new BillingSettings(settings.TimeZone, settings.AutoIssue, settings.PaymentInstructions),
        Defaults = changes.Defaults is null ? null : settings.Defaults,
    };
}
