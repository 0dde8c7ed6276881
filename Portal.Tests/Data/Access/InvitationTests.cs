using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Access;

public sealed class InvitationTests : IAsyncLifetime
{
    private AccessWorld _world = null!;
    private MailedLinks _mails = null!;

    private Guid Acme => _world.Acme.Id;

    public async Task InitializeAsync()
    {
        _world = await AccessWorld.CreateAsync();
        _mails = new MailedLinks(_world);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Somebody_new_accepts_once_and_is_a_member_by_the_address_that_was_written_to()
    {
        await InviteAsync("new@acme.example.com", SystemRoles.Billing);
        var token = await _mails.TokenAsync("new@acme.example.com");

        (await Accept.FindAsync(token, default)).ShouldNotBeNull().ShouldSatisfyAllConditions(
            open => open.OrganisationName.ShouldBe("Acme"), open => open.Role.ShouldBe("billing"), open => open.IsKnown.ShouldBeFalse());
        var person = (await Accept.AsNewAsync(Anybody, token, "New", "a fine long password", default)).Value;

        person.Email.ShouldBe("new@acme.example.com");
        (await _world.Get<GetAccess>().RunAsync(person.Id, default))!.In(Acme)!.Role.ShouldBe("billing");
        (await Accept.FindAsync(token, default)).ShouldBeNull();
        (await Accept.AsNewAsync(Anybody, token, "Again", "a fine long password", default)).Failure.Code.ShouldBe("link_gone");
        (await ActionsAsync(person.Id)).ShouldContain("role.assigned");
    }

    [Fact]
    public async Task Neither_the_database_nor_the_outbox_can_tell_the_link()
    {
        await InviteAsync("new@acme.example.com", SystemRoles.Member);
        var token = await _mails.TokenAsync("new@acme.example.com");

        var secrets = await _world.ReadAsync(db => db.LinkSecrets.ToListAsync());
        secrets.ShouldHaveSingleItem().Hash.Length.ShouldBe(32);
        (await _world.ReadAsync(db => db.Emails.SingleAsync())).Subject.ShouldNotContain(token);
    }

    [Fact]
    public async Task Two_clicks_at_the_same_moment_make_one_person()
    {
        await InviteAsync("new@acme.example.com", SystemRoles.Member);
        var token = await _mails.TokenAsync("new@acme.example.com");

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Accept.AsNewAsync(Anybody, token, "New", "a fine long password", default)));

        results.Count(result => result.Succeeded).ShouldBe(1);
        (await _world.ReadAsync(db => db.Users.CountAsync(user => user.Email == "new@acme.example.com"))).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_is_signed_in_joins_only_by_the_address_that_was_invited()
    {
        await InviteAsync(_world.Stranger.Email!, SystemRoles.Member);
        var token = await _mails.TokenAsync(_world.Stranger.Email!);

        (await Accept.AsKnownAsync(await _world.CallOfAsync(_world.Nobody), token, default)).Failure.Code.ShouldBe("other_person");
        (await Accept.AsNewAsync(Anybody, token, "Me", "a fine long password", default)).Failure.Code.ShouldBe("email_taken");
        (await Accept.AsKnownAsync(await _world.CallOfAsync(_world.Stranger), token, default)).Value.ShouldBe(Acme);

        var access = (await _world.Get<GetAccess>().RunAsync(_world.Stranger.Id, default))!;
        access.Memberships.Select(membership => membership.Role).ShouldBe(["member", "owner"]);
    }

    [Fact]
    public async Task A_link_dies_with_its_time_its_revocation_and_its_successor()
    {
        var first = (await InviteAsync("one@acme.example.com", SystemRoles.Member)).Value;
        var old = await _mails.TokenAsync("one@acme.example.com");
        (await Invitations.ResendAsync(await OwnerAsync(), first.Id, default)).Failures.ShouldBeEmpty();
        (await Accept.FindAsync(old, default)).ShouldBeNull();
        var fresh = await _mails.TokenAsync("one@acme.example.com");
        (await Accept.FindAsync(fresh, default)).ShouldNotBeNull();

        (await Invitations.RevokeAsync(await OwnerAsync(), first.Id, default)).Failures.ShouldBeEmpty();
        (await Accept.FindAsync(fresh, default)).ShouldBeNull();
        (await Invitations.ResendAsync(await OwnerAsync(), first.Id, default)).Failure.Code.ShouldBe("closed");

        await InviteAsync("two@acme.example.com", SystemRoles.Member);
        var second = await _mails.TokenAsync("two@acme.example.com");
        _world.Clock.Advance(Invitation.Lasts);
        (await Accept.FindAsync(second, default)).ShouldBeNull();
        (await InviteAsync("two@acme.example.com", SystemRoles.Member)).Failures.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("not a token at all")]
    public async Task What_we_never_gave_out_leads_nowhere(string token) => (await Accept.FindAsync(token, default)).ShouldBeNull();

    [Fact]
    public async Task Nobody_is_invited_twice_or_where_they_are_already()
    {
        (await InviteAsync("one@acme.example.com", SystemRoles.Member)).Failures.ShouldBeEmpty();
        (await InviteAsync("ONE@acme.example.com", SystemRoles.Member)).Failure.Code.ShouldBe("already_invited");
        (await InviteAsync(_world.Billing.Email!.ToUpperInvariant(), SystemRoles.Member)).Failure.Code.ShouldBe("already_member");
        (await InviteAsync("no address", SystemRoles.Member)).Failure.Field.ShouldBe("email");
        (await InviteAsync("two@acme.example.com", SystemRoles.Admin)).Failure.Field.ShouldBe("roleId");
    }

    [Fact]
    public async Task Customers_reach_neither_other_organisations_nor_the_platform_and_invitations_of_others_are_not_there()
    {
        var theirs = (await Invitations.InviteAsync(_world.Staff, _world.Globex.Id, "one@globex.example.com", SystemRoles.Member, default)).Value;
        var owner = await OwnerAsync();

        (await Invitations.InviteAsync(owner, _world.Globex.Id, "x@example.com", SystemRoles.Owner, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await Invitations.InviteAsync(owner, null, "x@example.com", SystemRoles.Admin, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await Invitations.RevokeAsync(owner, theirs.Id, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await Invitations.ListAsync(owner, _world.Globex.Id, false, new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await Invitations.ListAsync(owner, Acme, false, new ListRequest(), default)).Value.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_may_not_write_people_and_whoever_has_not_proved_who_they_are_lately_invites_nobody()
    {
        var billing = await _world.CallOfAsync(_world.Billing, Acme);
        (await Invitations.InviteAsync(billing, Acme, "x@example.com", SystemRoles.Member, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);

        var owner = await OwnerAsync();
        _world.Clock.Advance(StepUp.Lasts);
        (await Invitations.InviteAsync(owner, Acme, "x@example.com", SystemRoles.Member, default)).Failure.Code.ShouldBe(StepUp.Code);
    }

    [Fact]
    public async Task Mails_of_an_organisation_are_counted()
    {
        var owner = await OwnerAsync();
        for (var count = 0; count < Invitations.MailsPerHour; count++)
            (await Invitations.InviteAsync(owner, Acme, $"n{count}@example.com", SystemRoles.Member, default)).Failures.ShouldBeEmpty();

        (await Invitations.InviteAsync(owner, Acme, "more@example.com", SystemRoles.Member, default)).Failure.Code.ShouldBe("too_many");
        (await Invitations.InviteAsync(_world.Staff, _world.Globex.Id, "more@example.com", SystemRoles.Member, default)).Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Staff_are_invited_to_the_platform()
    {
        (await Invitations.InviteAsync(_world.Staff, null, "ops@example.com", SystemRoles.Operator, default)).Failures.ShouldBeEmpty();
        var token = await _mails.TokenAsync("ops@example.com");

        var person = (await Accept.AsNewAsync(Anybody, token, "Ops", "a fine long password", default)).Value;

        (await _world.Get<GetAccess>().RunAsync(person.Id, default))!.PlatformRole.ShouldBe("operator");
    }

    private Invitations Invitations => _world.Get<Invitations>();

    private AcceptInvitation Accept => _world.Get<AcceptInvitation>();

    private static CallContext Anybody => CallContext.System("test", "By a mailed link") with { Actor = new Actor(ActorKind.User, null, "by mailed link") };

    private Task<CallContext> OwnerAsync() => _world.CallOfAsync(_world.Owner, Acme);

    private async Task<Result<Invitation>> InviteAsync(string email, Guid role) => await Invitations.InviteAsync(await OwnerAsync(), Acme, email, role, default);

    private Task<List<string>> ActionsAsync(Guid entity) => _world.ReadAsync(db => db.AuditLog.Where(row => row.EntityId == entity).Select(row => row.Action).ToListAsync());
}
