using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Emails;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.Organisations;
using Portal.Core.Outbox;
using Portal.Core.Payments;
using Portal.Core.Settings;
using Portal.Data;
using Portal.Data.Credits;
using Portal.Data.Kernel;
using Portal.Data.Outbox;
using Portal.Data.Payments;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Payments;

/// <summary>A database, a provider in memory and the actions between them, for one test class.</summary>
public sealed class PaymentsWorld : IAsyncLifetime
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private TestDatabase _database = null!;
    private ServiceProvider _services = null!;
    private int _number;

    internal TestClock Clock { get; } = new(s_start);

    internal FakeGateway Gateway { get; private set; } = null!;

    internal FakeTransport Mail { get; } = new();

    internal FakeDocuments Documents { get; } = new();

    public string ConnectionString => _database.ConnectionString;

    /// <summary>Staff with every permission.</summary>
    public static CallContext Staff { get; } = new(new Actor(ActorKind.User, null, "staff@example.com"), new AccessScope.Staff(), Permissions.All.ToHashSet(), "test");

    public static CallContext System { get; } = CallContext.System("test", "tests look everywhere");

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public IBillingStore Store => Get<IBillingStore>();

    /// <summary>A customer who may pay.</summary>
    public static CallContext Customer(Guid organisationId) => new(
        new Actor(ActorKind.User, null, "customer@example.com"), new AccessScope.Organisation(organisationId),
        new HashSet<string> { Permissions.InvoicesPay, Permissions.InvoicesRead, Permissions.PaymentsRead }, "test");

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(async connectionString =>
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await DatabaseMigrator.MigrateAsync(source, s_start, CancellationToken.None);
        });
        Gateway = new FakeGateway(Clock);
        _services = Compose(new ServiceCollection()).BuildServiceProvider();
        await using var db = await Store.OpenAsync(System.Scope, CancellationToken.None);
        await db.SavePlatformSettingsAsync(new PlatformSettings { Seller = new SellerProfile { LegalName = "Example Seller", Address = "1 Road\nBengaluru", Email = "billing@example.com" } }, s_start, CancellationToken.None);
        await db.CommitAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Everything but the host, also for tests that build one; those may bring a clock and a gateway of their own.</summary>
    internal IServiceCollection Compose(IServiceCollection services)
    {
        services.AddLogging();
        services.TryAddSingleton<TimeProvider>(Clock);
        services.TryAddSingleton<IPaymentGateway>(Gateway);
        services.AddSingleton<IEmailTransport>(Mail);
        services.AddSingleton<IInvoiceFiles>(Documents);
        services.AddSingleton<IInvoicePdf>(Documents);
        services.AddSingleton<IPortalLinks, FakeLinks>();
        services.AddBillingData(ConnectionString);
        services.AddPaymentActions().AddPaymentsData().AddCreditsData().AddOutboxActions().AddOutboxData();
        return services;
    }

    public async Task<Organisation> OrganisationAsync(string email = "accounts@example.com")
    {
        await using var db = await Store.OpenAsync(System.Scope, CancellationToken.None);
        var organisation = Organisation.Create(new OrganisationProfile { Name = $"Customer {++_number}", BillingEmail = email, Currency = "INR", TimeZone = "Asia/Kolkata", Country = "IN" }, Clock.GetUtcNow());
        db.Organisations.Add(organisation);
        await db.CommitAsync(CancellationToken.None);
        return organisation;
    }

    /// <summary>An invoice as the issuing leaves it: numbered, with a line and a tax that make its total, and booked.</summary>
    public async Task<Guid> InvoiceAsync(Organisation organisation, decimal total, string currency = "INR", int dueInDays = 15)
    {
        var now = Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var period = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(Interlocked.Increment(ref _number));
        var number = $"INV/{_number:000000}";
        await using (var source = NpgsqlDataSource.Create(ConnectionString))
        {
            await using var batch = source.CreateCommand();
            batch.CommandText =
                """
                INSERT INTO invoices (id, organisation_id, status, year, month, period_start, period_end, time_zone, locale, currency, subtotal, discount, tax, total, amount_paid, created_at, updated_at)
                VALUES (@id, @organisation, 'draft', @year, @month, @start, @end, 'Asia/Kolkata', 'en-IN', @currency, 0, 0, @total, @total, 0, @now, @now);
                INSERT INTO invoice_taxes (invoice_id, organisation_id, position, name, rate, base, amount) VALUES (@id, @organisation, 1, 'GST', 18, 0, @total);
                UPDATE invoices SET status = 'issued', number = @number, issued_at = @now, due_at = @due WHERE id = @id;
                """;
            batch.Parameters.AddWithValue("id", id);
            batch.Parameters.AddWithValue("organisation", organisation.Id);
            batch.Parameters.AddWithValue("year", period.Year);
            batch.Parameters.AddWithValue("month", period.Month);
            batch.Parameters.AddWithValue("start", period);
            batch.Parameters.AddWithValue("end", period.AddMonths(1));
            batch.Parameters.AddWithValue("currency", currency);
            batch.Parameters.AddWithValue("total", total);
            batch.Parameters.AddWithValue("now", now);
            batch.Parameters.AddWithValue("number", number);
            batch.Parameters.AddWithValue("due", now.AddDays(dueInDays));
            await batch.ExecuteNonQueryAsync();
        }

        await using var db = await Store.OpenAsync(System.Scope, CancellationToken.None);
        db.LedgerTransactions.Add(LedgerTransaction.Post(organisation.Id, "invoice.issued", id, currency, number, now,
            Posting.ToDebit(LedgerAccount.AccountsReceivable, total), Posting.ToCredit(LedgerAccount.Revenue, total)));
        await db.CommitAsync(CancellationToken.None);
        return id;
    }

    /// <summary>Opens the checkout; the order's id at the provider.</summary>
    public async Task<CheckoutSession> StartAsync(Organisation organisation, Guid invoiceId, decimal? amount = null) =>
        (await Get<StartPayment>().RunAsync(Customer(organisation.Id), new StartPaymentRequest(invoiceId, amount), CancellationToken.None)).Value;

    /// <summary>Stores a webhook, as it comes from the provider.</summary>
    public async Task<Result<WebhookReceipt>> ReceiveAsync(string type, GatewayPayment? payment, string eventId)
    {
        var body = FakeGateway.Event(type, payment);
        return await Get<ReceiveWebhook>().RunAsync(body, FakeGateway.WebhookSignature(body), eventId, CancellationToken.None);
    }

    public async Task WorkEventsOffAsync()
    {
        while (await Get<ProcessProviderEvent>().RunAsync(CancellationToken.None))
        {
            // Until nothing is due.
        }
    }

    public async Task WorkOutboxOffAsync()
    {
        while (await Get<DispatchOutbox>().RunAsync(CancellationToken.None))
        {
            // Until nothing is due.
        }
    }

    public async Task<T> ReadAsync<T>(Func<IBillingDb, Task<T>> read)
    {
        await using var db = await Store.OpenAsync(System.Scope, CancellationToken.None);
        return await read(db);
    }

    public Task<Invoice> InvoiceAsync(Guid id) => ReadAsync(db => db.Invoices.AsNoTracking().SingleAsync(row => row.Id == id));

    public Task<List<Payment>> PaymentsAsync(Organisation organisation) =>
        ReadAsync(db => db.Payments.AsNoTracking().Include(row => row.Allocations).Where(row => row.OrganisationId == organisation.Id).OrderBy(row => row.Id).ToListAsync());

    public Task<List<PaymentOrder>> OrdersAsync(Guid invoiceId) => ReadAsync(db => db.PaymentOrders.AsNoTracking().Where(row => row.InvoiceId == invoiceId).OrderBy(row => row.Id).ToListAsync());

    public Task<decimal> CreditAsync(Organisation organisation, string currency = "INR") =>
        ReadAsync(db => db.AccountCreditBalances.Where(row => row.OrganisationId == organisation.Id && row.Currency == currency).Select(row => row.Balance).SingleOrDefaultAsync());

    public Task<decimal> AccountAsync(Organisation organisation, LedgerAccount account) =>
        ReadAsync(db => db.LedgerEntries.Where(row => row.OrganisationId == organisation.Id && row.Account == account).SumAsync(row => row.Debit - row.Credit));

    /// <summary>
    /// The invariants of money over the whole database: every entry balances, what invoices are paid is what was allocated, receivables are what is due, and account credit is both
    /// its movements and the ledger's.
    /// </summary>
    public async Task ShouldAgreeAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(
            """
            SELECT 'ledger transaction ' || transaction_id FROM ledger_entries GROUP BY transaction_id HAVING sum(debit) <> sum(credit)
            UNION ALL
            SELECT 'paid of invoice ' || i.id FROM invoices i WHERE i.amount_paid <> (SELECT coalesce(sum(a.amount), 0) FROM payment_allocations a WHERE a.invoice_id = i.id)
            UNION ALL
            SELECT 'receivable of ' || o.id FROM organisations o
            WHERE (SELECT coalesce(sum(e.debit - e.credit), 0) FROM ledger_entries e WHERE e.organisation_id = o.id AND e.account = 'accounts_receivable')
               <> (SELECT coalesce(sum(i.amount_due), 0) FROM invoices i WHERE i.organisation_id = o.id AND i.status NOT IN ('draft', 'void'))
              AND NOT EXISTS (SELECT FROM invoices v WHERE v.organisation_id = o.id AND v.status = 'void')
            UNION ALL
            SELECT 'credit of ' || b.organisation_id FROM account_credit_balances b
            WHERE b.balance <> (SELECT coalesce(sum(m.amount), 0) FROM account_credit_movements m WHERE m.organisation_id = b.organisation_id AND m.currency = b.currency)
               OR b.balance <> (SELECT coalesce(sum(e.credit - e.debit), 0) FROM ledger_entries e WHERE e.organisation_id = b.organisation_id AND e.currency = b.currency AND e.account = 'customer_credit')
            UNION ALL
            SELECT 'payment ' || p.id || ' is not booked once' FROM payments p
            WHERE (p.status IN ('captured', 'partially_refunded', 'refunded')) <> (1 = (SELECT count(*) FROM ledger_transactions t WHERE t.source_id = p.id))
            """);
        var broken = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            broken.Add(reader.GetString(0));
        broken.ShouldBeEmpty();
    }
}
