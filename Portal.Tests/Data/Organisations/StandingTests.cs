using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Organisations;

/// <summary>Suspending, restoring, and what staff write down about it.</summary>
public sealed class StandingTests : IAsyncLifetime
{
    private AccessWorld _world = null!;

    private Guid Acme => _world.Acme.Id;

    public async Task InitializeAsync() => _world = await AccessWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Suspending_needs_a_reason_and_keeps_it()
    {
        var suspend = _world.Get<SuspendOrganisation>();
        (await suspend.SuspendAsync(_world.Staff, Acme, "  ", default)).Failure.Field.ShouldBe("reason");

        (await suspend.SuspendAsync(_world.Staff, Acme, " Chargeback ", default)).Failures.ShouldBeEmpty();

        var acme = await ReadAsync();
        (acme.Status, acme.SuspensionReason, acme.SuspendedAt).ShouldBe((OrganisationStatus.Suspended, "Chargeback", AccessWorld.Start));
        (await suspend.SuspendAsync(_world.Staff, Acme, "Again", default)).Failure.Code.ShouldBe("already_suspended");
        var audit = await _world.ReadAsync(db => db.AuditLog.SingleAsync(entry => entry.Action == "organisation.suspended"));
        (audit.EntityId, audit.OrganisationId).ShouldBe((Acme, (Guid?)Acme));
        audit.After.ShouldNotBeNull().ShouldContain("Chargeback");
    }

    [Fact]
    public async Task Restoring_is_back_to_good_standing()
    {
        var suspend = _world.Get<SuspendOrganisation>();
        (await suspend.RestoreAsync(_world.Staff, Acme, default)).Failure.Code.ShouldBe("not_suspended");
        await suspend.SuspendAsync(_world.Staff, Acme, "Chargeback", default);

        (await suspend.RestoreAsync(_world.Staff, Acme, default)).Failures.ShouldBeEmpty();

        var acme = await ReadAsync();
        (acme.Status, acme.SuspensionReason, acme.SuspendedAt).ShouldBe((OrganisationStatus.Active, null, null));
    }

    [Fact]
    public async Task What_it_would_mean_is_counted()
    {
        var standing = (await _world.Get<GetStanding>().RunAsync(_world.Staff, Acme, default)).Value;

        standing.ShouldBe(new Standing(0, 0, 0, 2));
    }

    [Fact]
    public async Task Customers_and_readers_do_neither()
    {
        var suspend = _world.Get<SuspendOrganisation>();
        var customer = _world.Staff with { Scope = new AccessScope.Organisation(Acme) };
        var reader = _world.Staff with { Permissions = new HashSet<string> { Permissions.OrganisationsRead } };

        foreach (var call in new[] { customer, reader })
        {
            (await suspend.SuspendAsync(call, Acme, "Because", default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
            (await suspend.RestoreAsync(call, Acme, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        }
    }

    [Fact]
    public async Task Notes_are_listed_newest_first_with_their_author()
    {
        await NoteAsync("First");
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await NoteAsync("Second\nline");

        var notes = (await _world.Get<ListNotes>().RunAsync(_world.Staff, Acme, new ListRequest { WithTotal = true }, default)).Value;

        notes.Items.Select(note => (note.Text, note.AuthorName, note.IsOwn)).ShouldBe([("Second\nline", "staff@example.com", true), ("First", "staff@example.com", true)]);
        notes.Total.ShouldBe(2);
        (await _world.Get<ListNotes>().RunAsync(_world.Staff, _world.Globex.Id, new ListRequest(), default)).Value.Items.ShouldBeEmpty();
        (await _world.Get<WriteNote>().RunAsync(_world.Staff, Acme, new string('x', OrganisationNote.MaxLength + 1), default)).Failure.Field.ShouldBe("text");
    }

    [Fact]
    public async Task Only_who_wrote_a_note_removes_it()
    {
        var note = await NoteAsync("First");
        var other = _world.Staff with { Actor = new Actor(ActorKind.User, _world.Admin.Id, "admin@example.com") };
        (await _world.Get<RemoveNote>().RunAsync(other, note, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);

        (await _world.Get<RemoveNote>().RunAsync(_world.Staff, note, default)).Failures.ShouldBeEmpty();

        (await _world.ReadAsync(db => db.OrganisationNotes.CountAsync())).ShouldBe(0);
        (await _world.ReadAsync(db => db.AuditLog.SingleAsync(entry => entry.Action == "note.removed"))).Before.ShouldNotBeNull().ShouldContain("First");
    }

    [Fact]
    public async Task Customers_reach_no_note_by_any_way()
    {
        await NoteAsync("They pay late");
        var customer = _world.Staff with { Scope = new AccessScope.Organisation(Acme) };

        (await _world.Get<ListNotes>().RunAsync(customer, Acme, new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<WriteNote>().RunAsync(customer, Acme, "Mine", default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        await using var db = await _world.Get<IBillingStore>().OpenAsync(customer.Scope, default);
        (await db.AuditLog.CountAsync(entry => entry.Action == "note.written")).ShouldBe(0);
        (await Should.ThrowAsync<PostgresException>(() => db.OrganisationNotes.CountAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private async Task<Guid> NoteAsync(string text) => (await _world.Get<WriteNote>().RunAsync(_world.Staff, Acme, text, default)).Value;

    private Task<Organisation> ReadAsync() => _world.ReadAsync(db => db.Organisations.SingleAsync(row => row.Id == Acme));
}
