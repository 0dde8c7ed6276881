using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Data.Audit;

public sealed class AuditChainTests : IAsyncLifetime
{
    private static readonly CallContext s_job = CallContext.System("seal-audit", "Tests seal");

    private readonly BillingWorld _world = new();
    private ServiceProvider _node = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _node = _world.Build(services => services.AddAudit());
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task What_is_written_waits_and_is_sealed_in_order()
    {
        await WriteAsync(5);
        (await ChainAsync()).Head.ShouldBe(new AuditHead(0, new string('0', 64), null, 5));

        (await SealAsync()).Rows.ShouldBe(5);

        var chain = await ChainAsync();
        (chain.Head.Position, chain.Head.Waiting, chain.Head.SealedAt).ShouldBe((5, 0, _world.Clock.Now));
        (await SealAsync()).Rows.ShouldBe(0);
        var found = await VerifyAsync();
        (found.Holds, found.Looked, found.Hash).ShouldBe((true, 5, chain.Head.Hash));
        found.Flaws.ShouldBeEmpty();
        // That somebody looked is a change, too; it is the next to be sealed.
        (await ChainAsync()).Last!.Hash.ShouldBe(chain.Head.Hash);
        (await SealAsync()).Rows.ShouldBe(1);
    }

    [Fact]
    public async Task Before_anything_is_sealed_the_chain_holds() => (await VerifyAsync()).Holds.ShouldBeTrue();

    // The database refuses all of these to everybody; with its guards off, as only its owner can have them, they are found.
    [Theory]
    [InlineData(AuditFlawKind.Changed, "UPDATE audit_log SET actor_name = 'somebody else' WHERE id = (SELECT entry_id FROM audit_seals WHERE position = 3)")]
    [InlineData(AuditFlawKind.Changed, """UPDATE audit_log SET after = '{"n": 99}' WHERE id = (SELECT entry_id FROM audit_seals WHERE position = 3)""")]
    [InlineData(AuditFlawKind.Changed, "UPDATE audit_log SET created_at = created_at + interval '1 microsecond' WHERE id = (SELECT entry_id FROM audit_seals WHERE position = 3)")]
    [InlineData(AuditFlawKind.Changed, "UPDATE audit_log SET organisation_id = NULL, ip_address = '::1' WHERE id = (SELECT entry_id FROM audit_seals WHERE position = 3)")]
    [InlineData(AuditFlawKind.Removed, "DELETE FROM audit_log WHERE id = (SELECT entry_id FROM audit_seals WHERE position = 3)")]
    public async Task A_row_that_was_changed_or_removed_is_named(AuditFlawKind kind, string tampering)
    {
        await WriteAsync(5);
        await SealAsync();
        var third = await _world.ScalarAsync<Guid>("SELECT entry_id FROM audit_seals WHERE position = 3");

        await TamperAsync(tampering);

        var found = await VerifyAsync();
        found.Holds.ShouldBeFalse();
        found.Flaws.ShouldHaveSingleItem().ShouldBe(new AuditFlaw(kind, 3, third));
        // It stays named where the next one looks.
        (await ChainAsync()).Last!.Flaws.ShouldBe(found.Flaws);
    }

    [Theory]
    [InlineData("UPDATE audit_seals SET hash = sha256('x') WHERE position = 3", AuditFlawKind.Changed, AuditFlawKind.Relinked)]
    [InlineData("UPDATE audit_seals SET previous = sha256('x') WHERE position = 3", AuditFlawKind.Relinked)]
    [InlineData("DELETE FROM audit_seals WHERE position = 3", AuditFlawKind.SealMissing, AuditFlawKind.Unsealed)]
    [InlineData("DELETE FROM audit_log WHERE id = (SELECT entry_id FROM audit_seals WHERE position = 3); DELETE FROM audit_seals WHERE position = 3", AuditFlawKind.SealMissing)]
    [InlineData("DELETE FROM audit_log WHERE id = (SELECT entry_id FROM audit_seals WHERE position = 5); DELETE FROM audit_seals WHERE position = 5", AuditFlawKind.SealMissing)]
    [InlineData("DELETE FROM audit_seals", AuditFlawKind.SealMissing, AuditFlawKind.Unsealed, AuditFlawKind.Unsealed, AuditFlawKind.Unsealed, AuditFlawKind.Unsealed, AuditFlawKind.Unsealed)]
    [InlineData("INSERT INTO audit_log (id, actor_kind, actor_name, action, entity_type, entity_id, correlation_id, created_at) VALUES (gen_random_uuid(), 'user', 'x', 'x', 'x', gen_random_uuid(), 'x', now())", AuditFlawKind.Unsealed)]
    public async Task Whoever_works_on_the_seals_or_slips_a_row_in_is_found(string tampering, params AuditFlawKind[] kinds)
    {
        await WriteAsync(5);
        await SealAsync();

        await TamperAsync(tampering);

        (await VerifyAsync()).Flaws.Select(flaw => flaw.Kind).ShouldBe(kinds);
    }

    [Fact]
    public async Task A_row_that_is_removed_before_it_was_sealed_is_named()
    {
        await WriteAsync(2);
        var gone = await _world.ScalarAsync<Guid>("SELECT entry_id FROM audit_unsealed ORDER BY position LIMIT 1");

        await TamperAsync("DELETE FROM audit_log WHERE id = (SELECT entry_id FROM audit_unsealed ORDER BY position LIMIT 1)");
        (await SealAsync()).Rows.ShouldBe(1);

        (await VerifyAsync()).Flaws.ShouldHaveSingleItem().ShouldBe(new AuditFlaw(AuditFlawKind.RemovedUnsealed, null, gone));
    }

    [Fact]
    public async Task Many_writers_and_many_sealers_at_once_make_one_chain_with_every_row_once()
    {
        var writers = Enumerable.Range(0, 8).Select(_ => WriteAsync(25)).ToList();
        var sealers = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (writers.Exists(writer => !writer.IsCompleted))
                await SealAsync();
        });
        await Task.WhenAll([.. writers, .. sealers]);
        await SealAsync();

        (await _world.ScalarAsync<long>("SELECT count(*) FROM audit_seals")).ShouldBe(200);
        (await _world.ScalarAsync<long>("SELECT max(position) FROM audit_seals")).ShouldBe(200);
        (await _world.ScalarAsync<long>("SELECT count(DISTINCT previous) FROM audit_seals")).ShouldBe(200);
        var found = await VerifyAsync();
        (found.Holds, found.Looked).ShouldBe((true, 200));
    }

    [Fact]
    public async Task A_row_whose_transaction_is_undone_is_not_waited_for()
    {
        await using (var db = await _world.Store.OpenAsync(_world.Staff.Scope, default))
        {
            db.Audit(_world.Staff, Record(1), _world.Clock.Now);
            await db.SaveAsync(default);
        }

        (await ChainAsync()).Head.Waiting.ShouldBe(0);
        (await VerifyAsync()).Holds.ShouldBeTrue();
    }

    [Fact]
    public async Task A_customer_s_change_is_sealed_like_any_other()
    {
        var organisation = await _world.OrganisationAsync();
        var customer = _world.Customer(organisation.Id);
        await using (var db = await _world.Store.OpenAsync(customer.Scope, default))
        {
            db.Audit(customer, new AuditRecord("test.written", "test", Guid.CreateVersion7(_world.Clock.Now), organisation.Id), _world.Clock.Now);
            await db.CommitAsync(default);
        }

        (await SealAsync()).Rows.ShouldBe(1);
        await using var session = await _world.Store.OpenAsync(customer.Scope, default);
        var chain = _node.GetRequiredService<IAuditChain>();
        (await Should.ThrowAsync<PostgresException>(() => chain.HeadAsync(session, default))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData("UPDATE audit_seals SET sealed_at = now()")]
    [InlineData("DELETE FROM audit_seals")]
    [InlineData("TRUNCATE audit_seals")]
    public async Task Seals_are_written_once(string change)
    {
        await WriteAsync(1);
        await SealAsync();

        (await Should.ThrowAsync<PostgresException>(() => _world.SqlAsync(change))).SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);
    }

    [Fact]
    public async Task Only_jobs_seal_and_only_staff_verify()
    {
        (await _node.GetRequiredService<SealAudit>().RunAsync(_world.Staff, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        var customer = _world.Customer((await _world.OrganisationAsync()).Id);
        (await _node.GetRequiredService<VerifyAudit>().RunAsync(customer, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _node.GetRequiredService<GetAuditChain>().RunAsync(customer, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task The_log_is_found_by_day_and_by_row()
    {
        await WriteAsync(1);
        _world.Clock.Now = _world.Clock.Now.AddDays(1);
        var day = _world.Clock.Now;
        await WriteAsync(2);
        _world.Clock.Now = day.AddDays(1);
        await WriteAsync(3);
        var list = _node.GetRequiredService<ListAuditEntries>();

        async Task<IReadOnlyList<AuditRow>> FindAsync(AuditFilter filter) => (await list.RunAsync(_world.Staff, filter, new ListRequest(), default)).Value.Items;

        (await FindAsync(new AuditFilter { From = day })).Count.ShouldBe(5);
        (await FindAsync(new AuditFilter { Until = day })).Count.ShouldBe(1);
        var rows = await FindAsync(new AuditFilter { From = day, Until = day.AddDays(1) });
        rows.Count.ShouldBe(2);
        (await FindAsync(new AuditFilter { EntryId = rows[0].Id })).ShouldHaveSingleItem().Id.ShouldBe(rows[0].Id);
    }

    private AuditRecord Record(int number) => new("test.written", "test", Guid.CreateVersion7(_world.Clock.Now), null, new { N = number - 1 }, new { N = number, Name = "ünïcode \u20b9" });

    private async Task WriteAsync(int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            await using var db = await _world.Store.OpenAsync(_world.Staff.Scope, default);
            db.Audit(_world.Staff, Record(row), _world.Clock.Now);
            await db.CommitAsync(default);
        }
    }

    private async Task<SealedAudit> SealAsync() => (await _node.GetRequiredService<SealAudit>().RunAsync(s_job, default)).Value;

    private async Task<AuditVerification> VerifyAsync() => (await _node.GetRequiredService<VerifyAudit>().RunAsync(_world.Staff, default)).Value;

    private async Task<AuditChainState> ChainAsync() => (await _node.GetRequiredService<GetAuditChain>().RunAsync(_world.Staff, default)).Value;

    private Task TamperAsync(string sql) => _world.SqlAsync($"SET session_replication_role = replica; {sql}; SET session_replication_role = DEFAULT");
}
