using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Access;

public sealed class PeopleTests : IAsyncLifetime
{
    private AccessWorld _world = null!;

    public async Task InitializeAsync() => _world = await AccessWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_mail_address_is_taken_whatever_its_case()
    {
        var result = await CreateAsync(new UserRequest("OWNER@Acme.example.com", "Another", AccessWorld.Password));

        result.Failure.Code.ShouldBe("email_taken");
        result.Failure.Field.ShouldBe("email");
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once_by_field()
    {
        var result = await CreateAsync(new UserRequest("not a mail", " ", "short"));

        result.Failures.Select(failure => failure.Field).ShouldBe(["email", "displayName", "password"]);
    }

    [Fact]
    public async Task The_audit_log_has_the_new_person_and_no_password()
    {
        var user = (await CreateAsync(new UserRequest("new@example.com", "New", AccessWorld.Password))).Value;

        var entry = await _world.ReadAsync(db => db.AuditLog.SingleAsync(row => row.EntityId == user.Id));
        entry.Action.ShouldBe("user.created");
        entry.After!.ShouldContain("new@example.com");
        entry.After!.ShouldNotContain("assword");
    }

    [Fact]
    public async Task Who_may_not_write_people_creates_none()
    {
        var call = _world.Staff with { Permissions = new HashSet<string>() };

        (await _world.Get<CreateUser>().RunAsync(call, new UserRequest("new@example.com", "New", AccessWorld.Password), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task The_first_admin_gets_a_password_that_works_and_only_once()
    {
        var made = (await _world.Get<CreateFirstAdmin>().RunAsync("root@example.com", default)).Value;

        var user = await _world.ReadAsync(db => db.Users.SingleAsync(row => row.Id == made.UserId));
        _world.Get<IPasswordHasher<User>>().VerifyHashedPassword(user, user.PasswordHash!, made.Password).ShouldBe(PasswordVerificationResult.Success);
        (await _world.Get<GetAccess>().RunAsync(made.UserId, default))!.PlatformRole.ShouldBe("admin");
        (await _world.Get<CreateFirstAdmin>().RunAsync("root@example.com", default)).Failure.Code.ShouldBe("email_taken");
        (await _world.Get<CreateFirstAdmin>().RunAsync("root", default)).Failure.Kind.ShouldBe(FailureKind.Invalid);
    }

    [Fact]
    public async Task An_admin_key_speaks_for_its_person_as_they_are_now()
    {
        var secret = await KeyAsync(_world.Viewer);

        var before = (await AuthenticateAsync(secret))!;
        await _world.Get<AssignRole>().RunAsync(_world.Staff, _world.Viewer.Id, SystemRoles.Operator, null, default);
        var after = (await AuthenticateAsync(secret))!;

        before.Person.UserId.ShouldBe(_world.Viewer.Id);
        before.Person.PlatformPermissions.ShouldNotContain(Permissions.PricesWrite);
        after.Person.PlatformPermissions.ShouldContain(Permissions.PricesWrite);
        secret.ShouldStartWith(before.Prefix);
    }

    [Fact]
    public async Task An_admin_key_s_last_use_is_written_at_most_once_a_minute()
    {
        var secret = await KeyAsync(_world.Admin);
        await AuthenticateAsync(secret);
        _world.Clock.Advance(TimeSpan.FromSeconds(59));
        await AuthenticateAsync(secret);
        (await LastUsedAsync()).ShouldBe(AccessWorld.Start);

        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await AuthenticateAsync(secret);

        (await LastUsedAsync()).ShouldBe(AccessWorld.Start.AddMinutes(1));
        Task<DateTimeOffset?> LastUsedAsync() => _world.ReadAsync(db => db.AdminApiKeys.Select(key => key.LastUsedAt).SingleAsync());
    }

    [Fact]
    public async Task Admin_keys_that_are_malformed_unknown_revoked_or_expired_are_all_refused()
    {
        var expiring = await KeyAsync(_world.Admin, AccessWorld.Start.AddHours(1));
        var revoked = await KeyAsync(_world.Admin);
        await _world.ExecuteAsync($"UPDATE admin_api_keys SET revoked_at = now() WHERE prefix = {revoked[..12]}");
        (await AuthenticateAsync(expiring)).ShouldNotBeNull();
        _world.Clock.Advance(TimeSpan.FromHours(1));

        (await AuthenticateAsync(expiring)).ShouldBeNull();
        (await AuthenticateAsync(revoked)).ShouldBeNull();
        (await AuthenticateAsync("bka_nonsense")).ShouldBeNull();
        (await AuthenticateAsync(SecretKey.Create(SecretKey.AdminMark).Value)).ShouldBeNull();
        (await AuthenticateAsync(SecretKey.Create(SecretKey.ProjectMark).Value)).ShouldBeNull();
    }

    [Fact]
    public async Task An_admin_key_dies_with_its_person_s_role_and_with_their_account()
    {
        var demoted = await KeyAsync(_world.Viewer);
        var deactivated = await KeyAsync(_world.Admin);
        await _world.Get<RemoveRole>().RunAsync(_world.Staff, _world.Viewer.Id, null, default);
        await _world.ExecuteAsync($"UPDATE users SET is_active = false WHERE id = {_world.Admin.Id}");

        (await AuthenticateAsync(demoted)).ShouldBeNull();
        (await AuthenticateAsync(deactivated)).ShouldBeNull();
    }

    [Fact]
    public async Task Only_staff_hold_admin_keys() =>
        (await _world.Get<IssueAdminApiKey>().RunAsync(_world.Staff, _world.Owner.Id, "Mine", null, null, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);

    [Fact]
    public async Task Staff_make_admin_keys_for_themselves_and_for_nobody_else()
    {
        var call = _world.Staff with { Actor = new Actor(ActorKind.User, _world.Viewer.Id, "viewer@example.com"), Permissions = new HashSet<string>() };

        (await _world.Get<IssueAdminApiKey>().RunAsync(call, _world.Viewer.Id, "Mine", null, null, default)).Failures.ShouldBeEmpty();
        (await _world.Get<IssueAdminApiKey>().RunAsync(call, _world.Admin.Id, "Theirs", null, null, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task A_project_s_history_has_its_keys_and_nothing_of_another_organisation()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await _world.Get<IssueApiKey>().RunAsync(_world.Staff, _world.AcmeProject.Id, new ApiKeyRequest("One", [ApiKeyScopes.UsageWrite]), default);

        var own = await _world.Get<ListHistory>().RunAsync(_world.Staff.Within(_world.Acme.Id), [_world.AcmeProject.Id], 20, default);
        var foreign = await _world.Get<ListHistory>().RunAsync(_world.Staff.Within(_world.Globex.Id), [_world.AcmeProject.Id], 20, default);

        own.Value.Select(entry => entry.Action).ShouldBe(["api_key.issued", "project.created"]);
        foreign.Value.ShouldBeEmpty();
    }

    private Task<Result<User>> CreateAsync(UserRequest request) => _world.Get<CreateUser>().RunAsync(_world.Staff, request, default);

    private Task<AdminKeyIdentity?> AuthenticateAsync(string secret) => _world.Get<AuthenticateAdminKey>().RunAsync(secret, default);

    private async Task<string> KeyAsync(User user, DateTimeOffset? expires = null) =>
        (await _world.Get<IssueAdminApiKey>().RunAsync(_world.Staff, user.Id, "Key", null, expires, default)).Value.Secret;
}
