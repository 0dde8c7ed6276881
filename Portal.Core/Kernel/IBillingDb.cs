using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.ApiKeys;
using Portal.Core.Audit;
using Portal.Core.BillingRuns;
using Portal.Core.Credits;
using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Emails;
using Portal.Core.Health;
using Portal.Core.Idempotency;
using Portal.Core.Invoicing;
using Portal.Core.Jobs;
using Portal.Core.Ledger;
using Portal.Core.Metering;
using Portal.Core.Notifications;
using Portal.Core.Organisations;
using Portal.Core.Outbox;
using Portal.Core.Payments;
using Portal.Core.Plans;
using Portal.Core.PrepaidCredits;
using Portal.Core.Pricing;
using Portal.Core.Projects;
using Portal.Core.Settings;
using Portal.Core.Simulations;
using Portal.Core.Support;
using Portal.Core.Tax;

namespace Portal.Core.Kernel;

/// <summary>
/// One session with the database, for one operation: one transaction, under the access scope that it was opened with. What is not
/// committed is undone when the session ends.
/// </summary>
public interface IBillingDb : IAsyncDisposable
{
    DbSet<Organisation> Organisations { get; }

    DbSet<Project> Projects { get; }

    DbSet<ApiKey> ApiKeys { get; }

    DbSet<User> Users { get; }

    DbSet<Role> Roles { get; }

    DbSet<RoleAssignment> RoleAssignments { get; }

    DbSet<RolePermission> RolePermissions { get; }

    DbSet<AdminApiKey> AdminApiKeys { get; }

    DbSet<UserSession> UserSessions { get; }

    DbSet<Invitation> Invitations { get; }

    DbSet<AccountLink> AccountLinks { get; }

    DbSet<LinkSecret> LinkSecrets { get; }

    DbSet<RecoveryCode> RecoveryCodes { get; }

    DbSet<IdentityUserPasskey<Guid>> Passkeys { get; }

    DbSet<Metric> Metrics { get; }

    DbSet<UsageEvent> UsageEvents { get; }

    DbSet<MetricVersion> MetricVersions { get; }

    DbSet<UsageBucket> UsageBuckets { get; }

    DbSet<UsageDaySum> UsageDays { get; }

    DbSet<UsageAggregate> UsageAggregates { get; }

    DbSet<UsageSupersession> UsageSupersessions { get; }

    DbSet<Price> Prices { get; }

    DbSet<Plan> Plans { get; }

    DbSet<Subscription> Subscriptions { get; }

    DbSet<SubscriptionPhase> SubscriptionPhases { get; }

    DbSet<Service> Services { get; }

    DbSet<ServicePhase> ServicePhases { get; }

    DbSet<TaxRate> TaxRates { get; }

    DbSet<SellerTaxProfile> SellerTaxProfiles { get; }

    DbSet<OrganisationTaxProfile> OrganisationTaxProfiles { get; }

    DbSet<ExchangeRate> ExchangeRates { get; }

    DbSet<BillingRun> BillingRuns { get; }

    DbSet<BillingRunItem> BillingRunItems { get; }

    DbSet<UnpricedUsage> UnpricedUsage { get; }

    DbSet<Invoice> Invoices { get; }

    DbSet<InvoiceFile> InvoiceFiles { get; }

    DbSet<NumberSeries> NumberSeries { get; }

    DbSet<LateUsageCredit> LateUsageCredits { get; }

    DbSet<LateUsageWriteOff> LateUsageWriteOffs { get; }

    DbSet<Payment> Payments { get; }

    DbSet<PaymentOrder> PaymentOrders { get; }

    DbSet<ProviderEvent> ProviderEvents { get; }

    DbSet<AccountCreditBalance> AccountCreditBalances { get; }

    DbSet<AccountCreditMovement> AccountCreditMovements { get; }

    DbSet<Discount> Discounts { get; }

    DbSet<OrganisationDiscount> OrganisationDiscounts { get; }

    DbSet<CreditProduct> CreditProducts { get; }

    DbSet<CreditCost> CreditCosts { get; }

    DbSet<PrepaidWallet> PrepaidWallets { get; }

    DbSet<PrepaidGrant> PrepaidGrants { get; }

    DbSet<PrepaidMovement> PrepaidMovements { get; }

    DbSet<PrepaidCoverage> PrepaidCoverages { get; }

    DbSet<PrepaidPurchase> PrepaidPurchases { get; }

    DbSet<PrepaidVoucherFile> PrepaidVoucherFiles { get; }

    DbSet<PrepaidRelease> PrepaidReleases { get; }

    DbSet<LedgerTransaction> LedgerTransactions { get; }

    DbSet<LedgerEntry> LedgerEntries { get; }

    DbSet<AuditEntry> AuditLog { get; }

    DbSet<NotificationMark> NotificationMarks { get; }

    DbSet<OutboxMessage> Outbox { get; }

    DbSet<EmailNotification> Emails { get; }

    DbSet<Ticket> Tickets { get; }

    DbSet<TicketMessage> TicketMessages { get; }

    DbSet<TicketAttachment> TicketAttachments { get; }

    DbSet<TicketReading> TicketReadings { get; }

    DbSet<Setting> Settings { get; }

    DbSet<IdempotencyRecord> IdempotencyRecords { get; }

    DbSet<OrganisationNote> OrganisationNotes { get; }

    DbSet<StaffView> StaffViews { get; }

    DbSet<JobRun> JobRuns { get; }

    DbSet<PausedJob> PausedJobs { get; }

    DbSet<InvariantLook> InvariantLooks { get; }

    DbSet<Simulation> Simulations { get; }

    DbSet<SimulationResult> SimulationResults { get; }

    DbSet<MrrMovement> MrrMovements { get; }

    DbSet<MrrPosition> MrrPositions { get; }

    DbSet<MrrMonth> MrrMonths { get; }

    DbSet<RevenueCell> RevenueCells { get; }

    DbSet<OrganisationRevenue> OrganisationRevenues { get; }

    DbSet<CohortCell> CohortCells { get; }

    DbSet<AnalyticsMark> AnalyticsMarks { get; }

    /// <summary>Locks a row for update and returns it fresh from the database, or null when it is not in the scope.</summary>
    Task<T?> LockAsync<T>(Guid id, CancellationToken cancellationToken) where T : class;

    /// <summary>
    /// Writes many new rows at once, now, without tracking them: for what comes by the thousand. Rows that they belong to must be there
    /// already; what hangs on them is not written with them.
    /// </summary>
    Task InsertManyAsync<T>(IReadOnlyCollection<T> rows, CancellationToken cancellationToken) where T : class;

    /// <summary>Writes what has changed, within the open transaction.</summary>
    /// <exception cref="UniqueViolationException">A unique or exclusion constraint refused a row.</exception>
    Task SaveAsync(CancellationToken cancellationToken);

    /// <summary>Writes what has changed and commits. Nothing may be done with the session afterwards.</summary>
    /// <exception cref="UniqueViolationException">A unique or exclusion constraint refused a row.</exception>
    Task CommitAsync(CancellationToken cancellationToken);
}

/// <summary>Opens sessions.</summary>
public interface IBillingStore
{
    /// <summary>A session that sees what the scope may see.</summary>
    Task<IBillingDb> OpenAsync(AccessScope scope, CancellationToken cancellationToken);
}

/// <summary>The database refused a row that would break a unique or exclusion constraint.</summary>
public sealed class UniqueViolationException : Exception
{
    public UniqueViolationException() { }

    public UniqueViolationException(string constraint) : base(constraint) => Constraint = constraint;

    public UniqueViolationException(string constraint, Exception innerException) : base(constraint, innerException) => Constraint = constraint;

    /// <summary>The constraint's name.</summary>
    public string Constraint { get; } = "";
}
