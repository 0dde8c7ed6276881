using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Health;
using Portal.Core.Kernel;
using Portal.Data.Health;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.Health;

public sealed class InvariantTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();
    private ServiceProvider _node = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _node = _world.Build(services => services.AddInvariants().AddInvariantData());
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task All_hold_on_an_empty_database_and_after_a_month_was_billed()
    {
        (await CheckAsync()).ShouldAllBe(result => result.Ok);
        await BilledAsync();

        var results = await CheckAsync();

        results.ShouldAllBe(result => result.Ok, string.Join("; ", results.Where(result => !result.Ok).Select(result => $"{result.Id} {result.Detail}")));
        results.Select(result => result.Id).ShouldBe(["I1", "I2", "I3", "I4", "I6", "I7", "I8", "I10", "I13", "I14", "I16", "I17", "I17c", "I18", "I20", "I22", "I24", "I31", "I32", "I33"]);
        results.Single(result => result.Id == "I2").Detail.ShouldBe("0 of 3 invoices whose parts don't add up");
    }

    // The database refuses all of these; with its guards off they are the damage that a look must find.
    [Theory]
    [InlineData("I1", "UPDATE ledger_entries SET debit = debit + 1 WHERE debit > 0")]
    [InlineData("I2", "UPDATE invoice_lines SET amount = amount + 1, charge = charge + 1")]
    [InlineData("I3", "UPDATE invoices SET amount_paid = 1")]
    [InlineData("I6", "UPDATE number_series SET last_number = last_number + 1")]
    [InlineData("I6", "UPDATE invoices SET number = 'INV/26-27/000009' WHERE number = 'INV/26-27/000002'")]
    [InlineData("I7", "ALTER TABLE invoices DISABLE TRIGGER invoices_guard")]
    [InlineData("I14", "UPDATE usage_aggregates SET organisation_id = (SELECT max(id::text)::uuid FROM organisations) WHERE organisation_id = (SELECT min(id::text)::uuid FROM organisations)")]
    [InlineData("I17", "DELETE FROM audit_log WHERE action = 'invoice.issued'")]
    [InlineData("I17", "DELETE FROM ledger_entries; DELETE FROM ledger_transactions")]
    [InlineData("I17c", "SELECT seal_audit(1000, now()); UPDATE audit_log SET actor_name = 'nobody' WHERE action = 'invoice.issued'")]
    [InlineData("I17c", "UPDATE audit_log SET created_at = '2026-01-01' WHERE action = 'invoice.issued'")]
    [InlineData("I13", "INSERT INTO provider_events (id, event_id, type, body, received_at, attempts, due_at) VALUES (gen_random_uuid(), 'evt', 'payment.captured', '', '2026-01-01', 0, '2026-01-01')")]
    [InlineData("I16", "UPDATE outbox SET dead_at = created_at")]
    [InlineData("I18", "INSERT INTO account_credit_balances SELECT id, 'INR', 5 FROM organisations")]
    [InlineData("I31", "INSERT INTO prepaid_wallets SELECT id, 5, 1 FROM organisations")]
    [InlineData("I32", "UPDATE ledger_entries SET account = 'deferred_revenue' WHERE account = 'revenue'")]
    [InlineData("I20", "UPDATE billing_runs SET state = 'running', lease_until = '2026-01-01'")]
    [InlineData("I22", "UPDATE usage_buckets SET total_value = total_value + 1")]
    [InlineData("I22", "UPDATE usage_days SET total_value = total_value + 1")]
    public async Task Damage_is_found(string id, string damage)
    {
        await BilledAsync();
        await _world.SqlAsync($"SET session_replication_role = replica; {damage}; SET session_replication_role = DEFAULT");

        (await CheckAsync()).Where(result => !result.Ok).Select(result => result.Id).ShouldContain(id);
    }

    [Theory]
    [InlineData("I2", "invoice", "UPDATE invoice_lines SET amount = amount + 1, charge = charge + 1")]
    [InlineData("I3", "invoice", "UPDATE invoices SET amount_paid = 1")]
    [InlineData("I16", "outbox", "UPDATE outbox SET dead_at = created_at")]
    [InlineData("I17", "invoice", "DELETE FROM audit_log WHERE action = 'invoice.issued'")]
    [InlineData("I17c", "audit", "SELECT seal_audit(1000, now()); UPDATE audit_log SET actor_name = 'nobody' WHERE action = 'invoice.issued'")]
    [InlineData("I18", "organisation", "INSERT INTO account_credit_balances SELECT id, 'INR', 5 FROM organisations")]
    [InlineData("I20", "billing_run", "UPDATE billing_runs SET state = 'running', lease_until = '2026-01-01'")]
    [InlineData("I22", "usage", "UPDATE usage_buckets SET total_value = total_value + 1")]
    public async Task The_rows_behind_damage_are_named_and_what_was_found_is_kept(string id, string kind, string damage)
    {
        await BilledAsync();
        var look = _node.GetRequiredService<LookAtInvariants>();
        (await look.LastAsync(_world.Staff, default)).Value.ShouldAllBe(rule => rule.Ok == null);
        await _world.SqlAsync($"SET session_replication_role = replica; {damage}; SET session_replication_role = DEFAULT");

        (await look.RunAsync(_world.Staff, id, default)).Value.ShouldBe(1);

        var kept = (await look.LastAsync(_world.Staff, default)).Value.Single(rule => rule.Id == id);
        (kept.Ok, kept.LookedAt).ShouldBe((false, _world.Clock.Now));
        (await look.LastAsync(_world.Staff, default)).Value.Count(rule => rule.Ok != null).ShouldBe(1);
        var found = (await look.FindAsync(_world.Staff, id, default)).Value;
        found.ShouldNotBeEmpty();
        found.ShouldAllBe(finding => finding.Kind == kind && finding.Label.Length > 0);
    }

    // Every query that names rows, also those of rules that can't be broken by hand here.
    [Fact]
    public async Task Where_all_holds_no_rows_are_named()
    {
        await BilledAsync();
        var look = _node.GetRequiredService<LookAtInvariants>();

        foreach (var rule in (await look.LastAsync(_world.Staff, default)).Value)
            (await look.FindAsync(_world.Staff, rule.Id, default)).Value.ShouldBeEmpty(rule.Id);
        (await look.FindAsync(_world.Staff, "I99", default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
    }

    [Fact]
    public async Task Customers_may_not_look() =>
        (await _node.GetRequiredService<CheckInvariants>().RunAsync(_world.Customer(await _world.BillableAsync()), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);

    private async Task<IReadOnlyList<InvariantResult>> CheckAsync() => (await _node.GetRequiredService<CheckInvariants>().RunAsync(_world.Staff, default)).Value;

    private async Task BilledAsync()
    {
        await _world.PriceAsync("api_calls", 1);
        for (var index = 0; index < 3; index++)
            await _world.BillableAsync();
        await _world.SqlAsync("""
            INSERT INTO usage_buckets (organisation_id, bucket_start, project_id, metric_name, unit, total_value, event_count)
            SELECT organisation_id, '2026-10-05 10:15:00+00', project_id, metric_name, unit, total_value, event_count FROM usage_aggregates
            """);
        await _world.SqlAsync("""
            INSERT INTO usage_days (organisation_id, day, project_id, metric_name, unit, api_key_id, total_value, event_count)
            SELECT organisation_id, '2026-10-05', project_id, metric_name, unit, gen_random_uuid(), total_value, event_count FROM usage_aggregates
            """);
        await _world.RunAsync(October, autoIssue: true);
    }
}
