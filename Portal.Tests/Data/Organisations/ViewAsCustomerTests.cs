using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Projects;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Organisations;

public sealed class ViewAsCustomerTests : IAsyncLifetime
{
    private AccessWorld _world = null!;

    private Guid Acme => _world.Acme.Id;

    public async Task InitializeAsync() => _world = await AccessWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Who_views_may_read_what_an_owner_reads_and_nothing_else()
    {
        (await AccessAsync()).In(Acme).ShouldBeNull();

        await BeginAsync();

        var access = await AccessAsync();
        var part = access.In(Acme).ShouldNotBeNull();
        part.Permissions.ShouldBe(
            [Permissions.OrganisationsRead, Permissions.ProjectsRead, Permissions.KeysRead, Permissions.UsageRead, Permissions.InvoicesRead, Permissions.PaymentsRead,
             Permissions.PlansRead, Permissions.SubscriptionsRead, Permissions.CreditsRead, Permissions.DiscountsRead, Permissions.PeopleRead, Permissions.AuditRead, Permissions.SupportRead], ignoreOrder: true);
        part.ViewEndsAt.ShouldBe(AccessWorld.Start + StaffView.Longest);
        access.In(_world.Globex.Id).ShouldBeNull();
        access.Memberships.ShouldBeEmpty();
        access.SameAs(await AccessAsync()).ShouldBeTrue();
    }

    // Whatever the permissions say: the scope itself is for reading.
    [Fact]
    public async Task Every_action_that_changes_something_is_refused_by_the_call_itself()
    {
        var call = Forged();
        Permissions.All.Where(call.May).ShouldAllBe(permission => permission.EndsWith(":read", StringComparison.Ordinal));
        call.Within(Acme).IsReadOnly.ShouldBeTrue();
        call.Within(_world.Globex.Id).IsReadOnly.ShouldBeTrue();

        (await _world.Get<ChangeOrganisation>().RunAsync(call, Acme, new OrganisationChanges { Address = "Elsewhere" }, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<SaveProject>().CreateAsync(call, Acme, new ProjectFacts("Mine", null), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<IssueApiKey>().RunAsync(call, _world.AcmeProject.Id, new ApiKeyRequest("Mine", [], null, null), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<GetOrganisation>().RunAsync(call, Acme, default)).Value.Address.ShouldBeNull();
    }

    // And where an action forgot to ask, the database has not.
    [Fact]
    public async Task The_database_holds_the_session_to_reading()
    {
        await using var db = await _world.Get<IBillingStore>().OpenAsync(Forged().Scope, default);
        (await db.Projects.CountAsync()).ShouldBe(1);
        db.Projects.Add(Project.Create(Acme, "Mine", null, AccessWorld.Start));

        var refused = await Should.ThrowAsync<DbUpdateException>(() => db.CommitAsync(default));

        refused.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
    }

    [Fact]
    public async Task A_view_sees_its_organisation_alone()
    {
        await using var db = await _world.Get<IBillingStore>().OpenAsync(Forged().Scope, default);

        (await db.Organisations.Select(row => row.Name).ToListAsync()).ShouldBe(["Acme"]);
    }

    [Fact]
    public async Task Beginning_and_ending_are_written_down_once_each()
    {
        var first = await BeginAsync();
        (await BeginAsync()).Id.ShouldBe(first.Id);
        _world.Clock.Advance(TimeSpan.FromMinutes(5));

        (await _world.Get<EndView>().RunAsync(Admin(), default)).Value.ShouldBe(Acme);
        (await _world.Get<EndView>().RunAsync(Admin(), default)).Value.ShouldBeNull();

        (await AccessAsync()).In(Acme).ShouldBeNull();
        (await AuditAsync()).ShouldBe(["view.started admin@example.com", "view.ended admin@example.com"]);
    }

    [Fact]
    public async Task Two_quick_clicks_begin_one_view()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => BeginAsync()));

        (await _world.ReadAsync(db => db.StaffViews.CountAsync())).ShouldBe(1);
        (await AuditAsync()).ShouldBe(["view.started admin@example.com"]);
    }

    [Fact]
    public async Task Another_view_ends_the_one_before()
    {
        await BeginAsync();

        (await _world.Get<BeginView>().RunAsync(Admin(), _world.Globex.Id, default)).Failures.ShouldBeEmpty();

        var access = await AccessAsync();
        (access.In(Acme), access.In(_world.Globex.Id)?.OrganisationName).ShouldBe((null, "Globex"));
        (await AuditAsync()).ShouldBe(["view.started admin@example.com", "view.ended admin@example.com"], ignoreOrder: true);
    }

    [Fact]
    public async Task It_ends_by_itself_after_an_hour_and_that_is_written_down_for_whose_it_was()
    {
        await BeginAsync();
        _world.Clock.Advance(StaffView.Longest);

        (await AccessAsync()).In(Acme).ShouldBeNull();
        var job = CallContext.System("close-old-views", "Tests end views");
        (await _world.Get<CloseOldViews>().RunAsync(job, default)).Value.ShouldBe(1);
        (await _world.Get<CloseOldViews>().RunAsync(job, default)).Value.ShouldBe(0);

        (await AuditAsync()).ShouldBe(["view.started admin@example.com", "view.ended admin@example.com"]);
        (await _world.ReadAsync(db => db.StaffViews.SingleAsync())).EndedAt.ShouldBe(AccessWorld.Start + StaffView.Longest);
    }

    [Fact]
    public async Task Who_is_no_staff_any_more_sees_nothing_though_the_view_lasts()
    {
        await BeginAsync();
        await _world.PersonAsync("second@example.com", SystemRoles.Admin);

        (await _world.Get<RemoveRole>().RunAsync(_world.Staff, _world.Admin.Id, null, default)).Failures.ShouldBeEmpty();

        (await AccessAsync()).In(Acme).ShouldBeNull();
    }

    [Fact]
    public async Task Signing_out_ends_it()
    {
        await BeginAsync();

        var call = await _world.CallOfAsync(_world.Admin);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));

        (await _world.Get<Sessions>().EndAsync(call, call.SessionId!.Value, default)).Failures.ShouldBeEmpty();

        (await AuditAsync()).ShouldBe(["view.started admin@example.com", "view.ended admin@example.com"]);
    }

    [Fact]
    public async Task Customers_and_keys_begin_none()
    {
        var customer = Admin() with { Scope = new AccessScope.Organisation(Acme) };
        (await _world.Get<BeginView>().RunAsync(customer, Acme, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<BeginView>().RunAsync(Admin() with { Actor = new Actor(ActorKind.ApiKey, Guid.NewGuid(), "bka") }, Acme, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<BeginView>().RunAsync(Admin(), Guid.NewGuid(), default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
    }

    private CallContext Admin() => _world.Staff with { Actor = new Actor(ActorKind.User, _world.Admin.Id, _world.Admin.Email!) };

    private CallContext Forged() => Admin() with { Scope = new AccessScope.Organisation(Acme) { IsReadOnly = true } };

    private async Task<StaffView> BeginAsync() => (await _world.Get<BeginView>().RunAsync(Admin(), Acme, default)).Value;

    private async Task<PersonAccess> AccessAsync() => (await _world.Get<GetAccess>().RunAsync(_world.Admin.Id, default)).ShouldNotBeNull();

    private async Task<List<string>> AuditAsync() => await _world.ReadAsync(db =>
        db.AuditLog.Where(entry => entry.EntityId == Acme && entry.Action.StartsWith("view.")).OrderBy(entry => entry.Id).Select(entry => entry.Action + " " + entry.ActorName).ToListAsync());
}
