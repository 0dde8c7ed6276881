using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Access;

public sealed class RoleTests : IAsyncLifetime
{
    private AccessWorld _world = null!;

    public async Task InitializeAsync() => _world = await AccessWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_member_has_the_permissions_of_their_role_in_their_organisation_and_none_elsewhere()
    {
        var access = await AccessAsync(_world.Owner);

        access.IsStaff.ShouldBeFalse();
        access.PlatformPermissions.ShouldBeEmpty();
        access.In(_world.Acme.Id)!.Permissions.ShouldContain(Permissions.KeysWrite);
        access.In(_world.Acme.Id)!.OrganisationName.ShouldBe("Acme");
        access.In(_world.Globex.Id).ShouldBeNull();
    }

    [Fact]
    public async Task Staff_have_platform_permissions_and_belong_to_no_organisation()
    {
        var viewer = await AccessAsync(_world.Viewer);

        viewer.PlatformRole.ShouldBe("viewer");
        viewer.PlatformPermissions.ShouldContain(Permissions.OrganisationsRead);
        viewer.PlatformPermissions.ShouldNotContain(Permissions.OrganisationsWrite);
        viewer.Memberships.ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_in_several_organisations_has_a_role_of_their_own_in_each()
    {
        (await AssignAsync(_world.Owner, SystemRoles.Member, _world.Globex.Id)).Failures.ShouldBeEmpty();

        var access = await AccessAsync(_world.Owner);

        access.Memberships.Select(membership => (membership.OrganisationName, membership.Role)).ShouldBe([("Acme", "owner"), ("Globex", "member")]);
        access.In(_world.Globex.Id)!.Permissions.ShouldNotContain(Permissions.KeysWrite);
    }

    [Fact]
    public async Task A_deactivated_person_may_do_nothing()
    {
        await _world.ExecuteAsync($"UPDATE users SET is_active = false WHERE id = {_world.Admin.Id}");

        var access = await AccessAsync(_world.Admin);

        access.IsActive.ShouldBeFalse();
        access.IsStaff.ShouldBeFalse();
        access.PlatformPermissions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_by_an_unknown_id_has_any_access() =>
        (await _world.Get<GetAccess>().RunAsync(Guid.CreateVersion7(AccessWorld.Start), default)).ShouldBeNull();

    [Fact]
    public async Task Another_role_in_the_same_place_takes_over_and_the_audit_log_has_both()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(1));

        (await AssignAsync(_world.Billing, SystemRoles.Member, _world.Acme.Id)).Failures.ShouldBeEmpty();

        (await AccessAsync(_world.Billing)).In(_world.Acme.Id)!.Role.ShouldBe("member");
        var entry = await _world.ReadAsync(db => db.AuditLog.OrderByDescending(row => row.Id).FirstAsync(row => row.EntityId == _world.Billing.Id));
        entry.Action.ShouldBe("role.assigned");
        entry.OrganisationId.ShouldBe(_world.Acme.Id);
        entry.Before!.ShouldContain("billing");
        entry.After!.ShouldContain("member");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_role_of_the_other_kind_is_refused(bool onThePlatform)
    {
        var result = onThePlatform
            ? await AssignAsync(_world.Nobody, SystemRoles.Owner, null)
            : await AssignAsync(_world.Nobody, SystemRoles.Admin, _world.Acme.Id);

        result.Failure.Kind.ShouldBe(FailureKind.Invalid);
        result.Failure.Field.ShouldBe("roleId");
    }

    [Fact]
    public async Task The_last_owner_keeps_the_role_until_there_is_another()
    {
        (await RemoveAsync(_world.Owner, _world.Acme.Id)).Failure.Code.ShouldBe("last_owner");
        (await AssignAsync(_world.Owner, SystemRoles.Member, _world.Acme.Id)).Failure.Code.ShouldBe("last_owner");

        await AssignAsync(_world.Nobody, SystemRoles.Owner, _world.Acme.Id);

        (await RemoveAsync(_world.Owner, _world.Acme.Id)).Failures.ShouldBeEmpty();
        (await AccessAsync(_world.Owner)).Memberships.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_last_platform_admin_keeps_the_role_and_one_who_is_deactivated_does_not_count()
    {
        var second = await _world.PersonAsync("second@example.com", SystemRoles.Admin);
        await _world.ExecuteAsync($"UPDATE users SET is_active = false WHERE id = {second.Id}");

        (await RemoveAsync(_world.Admin, null)).Failure.Code.ShouldBe("last_admin");
    }

    [Fact]
    public async Task Two_owners_who_leave_at_the_same_moment_leave_one_behind()
    {
        await AssignAsync(_world.Nobody, SystemRoles.Owner, _world.Acme.Id);

        var results = await Task.WhenAll(RemoveAsync(_world.Owner, _world.Acme.Id), RemoveAsync(_world.Nobody, _world.Acme.Id));

        results.Count(result => result.Succeeded).ShouldBe(1);
        (await _world.ReadAsync(db => db.RoleAssignments.CountAsync(row => row.OrganisationId == _world.Acme.Id && row.RoleId == SystemRoles.Owner))).ShouldBe(1);
    }

    [Fact]
    public async Task Who_may_not_write_people_can_neither_give_nor_take()
    {
        var call = _world.Staff with { Permissions = new HashSet<string> { Permissions.PeopleRead } };

        (await _world.Get<AssignRole>().RunAsync(call, _world.Nobody.Id, SystemRoles.Admin, null, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<RemoveRole>().RunAsync(call, _world.Viewer.Id, null, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task An_organisation_s_own_people_can_t_reach_the_platform_s_roles_or_another_organisation_s()
    {
        var call = _world.Staff.Within(_world.Acme.Id);

        (await _world.Get<AssignRole>().RunAsync(call, _world.Owner.Id, SystemRoles.Admin, null, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<AssignRole>().RunAsync(call, _world.Owner.Id, SystemRoles.Owner, _world.Globex.Id, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<RemoveRole>().RunAsync(call, _world.Stranger.Id, _world.Globex.Id, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    private async Task<PersonAccess> AccessAsync(User user) => (await _world.Get<GetAccess>().RunAsync(user.Id, default))!;

    private Task<Result<Unit>> AssignAsync(User user, Guid role, Guid? organisation) => _world.Get<AssignRole>().RunAsync(_world.Staff, user.Id, role, organisation, default);

    private Task<Result<Unit>> RemoveAsync(User user, Guid? organisation) => _world.Get<RemoveRole>().RunAsync(_world.Staff, user.Id, organisation, default);
}
