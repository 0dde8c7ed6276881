using Portal.Core.Access;
using Portal.Core.Notifications;
using Portal.Core.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Notifications;

/// <summary>People are told of what others did that they may read about, once.</summary>
public sealed class NotificationTests : IAsyncLifetime
{
    private AccessWorld _world = null!;
    private CallContext _owner = null!;
    private CallContext _staff = null!;

    public async Task InitializeAsync()
    {
        _world = await AccessWorld.CreateAsync();
        _owner = await _world.CallOfAsync(_world.Owner, _world.Acme.Id);
        _staff = _world.Staff with { Actor = new Actor(ActorKind.User, _world.Admin.Id, _world.Admin.Email!) };
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Staff_are_told_of_a_ticket_and_who_wrote_it_is_not()
    {
        (await _world.Get<OpenTicket>().RunAsync(_owner, new OpenTicketRequest { OrganisationId = _world.Acme.Id, Subject = "Late figures", Body = "Where are they?" }, default)).Failures.ShouldBeEmpty();

        var told = (await OfAsync(_staff)).ShouldHaveSingleItem();
        (told.Action, told.Subject, told.OrganisationName, told.IsNew).ShouldBe(("ticket.opened", "Late figures", _world.Acme.Name, true));
        (await OfAsync(_owner)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_read_is_no_longer_new_and_what_comes_later_is()
    {
        await SuspendAsync();
        (await OfAsync(_owner)).ShouldHaveSingleItem().IsNew.ShouldBeTrue();

        (await _world.Get<ListNotifications>().SeeAsync(_owner, default)).Succeeded.ShouldBeTrue();
        (await _world.Get<ListNotifications>().SeeAsync(_owner, default)).Succeeded.ShouldBeTrue();
        (await OfAsync(_owner)).ShouldHaveSingleItem().IsNew.ShouldBeFalse();
        (await OfAsync(_staff)).ShouldHaveSingleItem().IsNew.ShouldBeTrue();

        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await SuspendAsync();
        (await OfAsync(_owner)).Select(one => one.IsNew).ShouldBe([true, false]);
    }

    [Fact]
    public async Task Nobody_is_told_of_what_they_may_not_read_or_of_another_organisation_or_of_last_season()
    {
        await SuspendAsync();
        (await OfAsync(_owner)).ShouldHaveSingleItem();

        (await OfAsync(_owner with { Permissions = new HashSet<string>() })).ShouldBeEmpty();
        (await OfAsync(_owner with { Scope = new AccessScope.Organisation(_world.Globex.Id) })).ShouldBeEmpty();
        _world.Clock.Advance(TimeSpan.FromDays(31));
        (await OfAsync(_owner)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_views_as_a_customer_leaves_no_mark()
    {
        await SuspendAsync();
        var viewing = _staff with { Scope = new AccessScope.Organisation(_world.Acme.Id) { IsReadOnly = true } };

        (await _world.Get<ListNotifications>().SeeAsync(viewing, default)).Succeeded.ShouldBeTrue();

        (await OfAsync(viewing)).ShouldHaveSingleItem().IsNew.ShouldBeTrue();
    }

    private async Task<IReadOnlyList<Notification>> OfAsync(CallContext call) => (await _world.Get<ListNotifications>().RunAsync(call, default)).Value;

    private Task SuspendAsync()
    {
        var now = _world.Clock.GetUtcNow();
        return _world.ExecuteAsync($"INSERT INTO audit_log (id, organisation_id, actor_kind, actor_name, action, entity_type, entity_id, correlation_id, created_at) VALUES (gen_random_uuid(), {_world.Acme.Id}, 'job', 'dunning', 'organisation.suspended', 'organisation', {_world.Acme.Id}, 'test', {now})");
    }
}
