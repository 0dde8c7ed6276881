using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
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
using Portal.Core.Kernel;
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
using Portal.Data.Kernel;
using Portal.Data.Metering;

namespace Portal.Data;

/// <summary>The session of <see cref="IBillingDb"/> on PostgreSQL; also what ASP.NET Core Identity stores its users in.</summary>
public sealed class BillingDbContext(DbContextOptions<BillingDbContext> options) : IdentityUserContext<User, Guid>(options), IBillingDb
{
    private IDbContextTransaction? _transaction;

    /// <summary>The one organisation of the session; null sees all.</summary>
    public Guid? OrganisationId { get; private set; }

    public DbSet<Organisation> Organisations => Set<Organisation>();

    public DbSet<Project> Projects => Set<Project>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<Role> Roles => Set<Role>();

    public DbSet<RoleAssignment> RoleAssignments => Set<RoleAssignment>();

    public DbSet<RolePermission> RolePermissions => Set<RolePermission>();

    public DbSet<AdminApiKey> AdminApiKeys => Set<AdminApiKey>();

    public DbSet<UserSession> UserSessions => Set<UserSession>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<AccountLink> AccountLinks => Set<AccountLink>();

    public DbSet<LinkSecret> LinkSecrets => Set<LinkSecret>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<IdentityUserPasskey<Guid>> Passkeys => Set<IdentityUserPasskey<Guid>>();

    public DbSet<Metric> Metrics => Set<Metric>();

    public DbSet<UsageEvent> UsageEvents => Set<UsageEvent>();

    public DbSet<MetricVersion> MetricVersions => Set<MetricVersion>();

    public DbSet<UsageBucket> UsageBuckets => Set<UsageBucket>();

    public DbSet<UsageDaySum> UsageDays => Set<UsageDaySum>();

    public DbSet<UsageAggregate> UsageAggregates => Set<UsageAggregate>();

    public DbSet<UsageSupersession> UsageSupersessions => Set<UsageSupersession>();

    public DbSet<Price> Prices => Set<Price>();

    public DbSet<Plan> Plans => Set<Plan>();

    public DbSet<Subscription> Subscriptions => Set<Subscription>();

    public DbSet<SubscriptionPhase> SubscriptionPhases => Set<SubscriptionPhase>();

    public DbSet<Service> Services => Set<Service>();

    public DbSet<ServicePhase> ServicePhases => Set<ServicePhase>();

    public DbSet<TaxRate> TaxRates => Set<TaxRate>();

    public DbSet<SellerTaxProfile> SellerTaxProfiles => Set<SellerTaxProfile>();

    public DbSet<OrganisationTaxProfile> OrganisationTaxProfiles => Set<OrganisationTaxProfile>();

    public DbSet<ExchangeRate> ExchangeRates => Set<ExchangeRate>();

    public DbSet<BillingRun> BillingRuns => Set<BillingRun>();

    public DbSet<BillingRunItem> BillingRunItems => Set<BillingRunItem>();

    public DbSet<UnpricedUsage> UnpricedUsage => Set<UnpricedUsage>();

    public DbSet<Invoice> Invoices => Set<Invoice>();

    public DbSet<InvoiceFile> InvoiceFiles => Set<InvoiceFile>();

    public DbSet<NumberSeries> NumberSeries => Set<NumberSeries>();

    public DbSet<LateUsageCredit> LateUsageCredits => Set<LateUsageCredit>();

    public DbSet<LateUsageWriteOff> LateUsageWriteOffs => Set<LateUsageWriteOff>();

    public DbSet<Payment> Payments => Set<Payment>();

    public DbSet<PaymentOrder> PaymentOrders => Set<PaymentOrder>();

    public DbSet<ProviderEvent> ProviderEvents => Set<ProviderEvent>();

    public DbSet<AccountCreditBalance> AccountCreditBalances => Set<AccountCreditBalance>();

    public DbSet<AccountCreditMovement> AccountCreditMovements => Set<AccountCreditMovement>();

    public DbSet<Discount> Discounts => Set<Discount>();

    public DbSet<OrganisationDiscount> OrganisationDiscounts => Set<OrganisationDiscount>();

    public DbSet<CreditProduct> CreditProducts => Set<CreditProduct>();

    public DbSet<CreditCost> CreditCosts => Set<CreditCost>();

    public DbSet<PrepaidWallet> PrepaidWallets => Set<PrepaidWallet>();

    public DbSet<PrepaidGrant> PrepaidGrants => Set<PrepaidGrant>();

    public DbSet<PrepaidMovement> PrepaidMovements => Set<PrepaidMovement>();

    public DbSet<PrepaidCoverage> PrepaidCoverages => Set<PrepaidCoverage>();

    public DbSet<PrepaidPurchase> PrepaidPurchases => Set<PrepaidPurchase>();

    public DbSet<PrepaidVoucherFile> PrepaidVoucherFiles => Set<PrepaidVoucherFile>();

    public DbSet<PrepaidRelease> PrepaidReleases => Set<PrepaidRelease>();

    public DbSet<LedgerTransaction> LedgerTransactions => Set<LedgerTransaction>();

    public DbSet<LedgerEntry> LedgerEntries => Set<LedgerEntry>();

    public DbSet<AuditEntry> AuditLog => Set<AuditEntry>();

    public DbSet<NotificationMark> NotificationMarks => Set<NotificationMark>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    public DbSet<EmailNotification> Emails => Set<EmailNotification>();

    public DbSet<Ticket> Tickets => Set<Ticket>();

    public DbSet<TicketMessage> TicketMessages => Set<TicketMessage>();

    public DbSet<TicketAttachment> TicketAttachments => Set<TicketAttachment>();

    public DbSet<TicketReading> TicketReadings => Set<TicketReading>();

    public DbSet<Setting> Settings => Set<Setting>();

    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();

    public DbSet<OrganisationNote> OrganisationNotes => Set<OrganisationNote>();

    public DbSet<StaffView> StaffViews => Set<StaffView>();

    public DbSet<JobRun> JobRuns => Set<JobRun>();

    public DbSet<PausedJob> PausedJobs => Set<PausedJob>();

    public DbSet<InvariantLook> InvariantLooks => Set<InvariantLook>();

    public DbSet<Simulation> Simulations => Set<Simulation>();

    public DbSet<SimulationResult> SimulationResults => Set<SimulationResult>();

    public DbSet<MrrMovement> MrrMovements => Set<MrrMovement>();

    public DbSet<MrrPosition> MrrPositions => Set<MrrPosition>();

    public DbSet<MrrMonth> MrrMonths => Set<MrrMonth>();

    public DbSet<RevenueCell> RevenueCells => Set<RevenueCell>();

    public DbSet<OrganisationRevenue> OrganisationRevenues => Set<OrganisationRevenue>();

    public DbSet<CohortCell> CohortCells => Set<CohortCell>();

    public DbSet<AnalyticsMark> AnalyticsMarks => Set<AnalyticsMark>();

    /// <summary>Begins the session's transaction and, for an organisation, steps down to the role that row-level security holds.</summary>
    internal async Task BeginAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        _transaction = await Database.BeginTransactionAsync(cancellationToken);
        if (scope is not AccessScope.Organisation organisation)
            return;
        OrganisationId = organisation.OrganisationId;
        // One way to the server, however much there is to set: every page of a customer goes it.
        var id = organisation.OrganisationId.ToString();
        if (organisation.IsReadOnly)
            await Database.ExecuteSqlAsync($"SELECT set_config('transaction_read_only', 'on', true), set_config('role', {TenantRole.Name}, true), set_config('app.organisation_id', {id}, true)", cancellationToken);
        else
            await Database.ExecuteSqlAsync($"SELECT set_config('role', {TenantRole.Name}, true), set_config('app.organisation_id', {id}, true)", cancellationToken);
    }

    public async Task<T?> LockAsync<T>(Guid id, CancellationToken cancellationToken)
        where T : class
    {
        var known = Set<T>().Local.FindEntry(id);
        var table = Model.FindEntityType(typeof(T))!.GetTableName()!;
#pragma warning disable EF1002 // The table's name comes from the model.
        var entity = await Set<T>().FromSqlRaw($"SELECT * FROM {table} WHERE id = {{0}} FOR UPDATE", id).SingleOrDefaultAsync(cancellationToken);
#pragma warning restore EF1002
        // A row that the session had read before keeps its old values unless it is read again.
        if (known is not null && entity is not null)
            await known.ReloadAsync(cancellationToken);
        return entity;
    }

    public Task InsertManyAsync<T>(IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
        where T : class => EntityCopy.WriteAsync(this, rows, cancellationToken);

    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation } refused)
        {
            throw new UniqueViolationException(refused.ConstraintName ?? "", exception);
        }
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await SaveAsync(cancellationToken);
        await _transaction!.CommitAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<decimal>().HaveColumnType("numeric");
        configurationBuilder.Properties<ActorKind>().HaveConversion<EnumTextConverter<ActorKind>>();
        configurationBuilder.Properties<RoleKind>().HaveConversion<EnumTextConverter<RoleKind>>();
        configurationBuilder.Properties<LinkPurpose>().HaveConversion<EnumTextConverter<LinkPurpose>>();
        configurationBuilder.Properties<OrganisationStatus>().HaveConversion<EnumTextConverter<OrganisationStatus>>();
        configurationBuilder.Properties<MetricAggregation>().HaveConversion<EnumTextConverter<MetricAggregation>>();
        configurationBuilder.Properties<QuantityRounding>().HaveConversion<EnumTextConverter<QuantityRounding>>();
        configurationBuilder.Properties<PriceModel>().HaveConversion<EnumTextConverter<PriceModel>>();
        configurationBuilder.Properties<BillingInterval>().HaveConversion<EnumTextConverter<BillingInterval>>();
        configurationBuilder.Properties<SubscriptionStatus>().HaveConversion<EnumTextConverter<SubscriptionStatus>>();
        configurationBuilder.Properties<ServiceStatus>().HaveConversion<EnumTextConverter<ServiceStatus>>();
        configurationBuilder.Properties<BillingRunState>().HaveConversion<EnumTextConverter<BillingRunState>>();
        configurationBuilder.Properties<BillingRunItemState>().HaveConversion<EnumTextConverter<BillingRunItemState>>();
        configurationBuilder.Properties<InvoiceStatus>().HaveConversion<EnumTextConverter<InvoiceStatus>>();
        configurationBuilder.Properties<InvoiceLineKind>().HaveConversion<EnumTextConverter<InvoiceLineKind>>();
        configurationBuilder.Properties<PaymentMethod>().HaveConversion<EnumTextConverter<PaymentMethod>>();
        configurationBuilder.Properties<PaymentStatus>().HaveConversion<EnumTextConverter<PaymentStatus>>();
        configurationBuilder.Properties<PaymentOrderStatus>().HaveConversion<EnumTextConverter<PaymentOrderStatus>>();
        configurationBuilder.Properties<DiscountKind>().HaveConversion<EnumTextConverter<DiscountKind>>();
        configurationBuilder.Properties<DiscountSource>().HaveConversion<EnumTextConverter<DiscountSource>>();
        configurationBuilder.Properties<PrepaidGrantKind>().HaveConversion<EnumTextConverter<PrepaidGrantKind>>();
        configurationBuilder.Properties<PrepaidMovementKind>().HaveConversion<EnumTextConverter<PrepaidMovementKind>>();
        configurationBuilder.Properties<PrepaidPurchaseStatus>().HaveConversion<EnumTextConverter<PrepaidPurchaseStatus>>();
        configurationBuilder.Properties<LedgerAccount>().HaveConversion<EnumTextConverter<LedgerAccount>>();
        configurationBuilder.Properties<EmailStatus>().HaveConversion<EnumTextConverter<EmailStatus>>();
        configurationBuilder.Properties<TicketStatus>().HaveConversion<EnumTextConverter<TicketStatus>>();
        configurationBuilder.Properties<TicketCategory>().HaveConversion<EnumTextConverter<TicketCategory>>();
        configurationBuilder.Properties<TicketPriority>().HaveConversion<EnumTextConverter<TicketPriority>>();
        configurationBuilder.Properties<TicketAuthor>().HaveConversion<EnumTextConverter<TicketAuthor>>();
        configurationBuilder.Properties<MrrMovementKind>().HaveConversion<EnumTextConverter<MrrMovementKind>>();
        configurationBuilder.Properties<SimulationState>().HaveConversion<EnumTextConverter<SimulationState>>();
        configurationBuilder.Properties<SimulationKind>().HaveConversion<EnumTextConverter<SimulationKind>>();
        configurationBuilder.Properties<SimulationResultState>().HaveConversion<EnumTextConverter<SimulationResultState>>();
        configurationBuilder.Properties<JobOutcome>().HaveConversion<EnumTextConverter<JobOutcome>>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<User>().ToTable("users");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");
        builder.AddUsageFunctions();
        builder.AddDatabaseFunctions();
        builder.ApplyConfigurationsFromAssembly(typeof(BillingDbContext).Assembly);
        ModelConventions.Apply(builder, this);
    }
}
