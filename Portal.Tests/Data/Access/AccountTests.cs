using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Access;

/// <summary>What people sign in with: password, address, second factor, sessions.</summary>
public sealed class AccountTests : IAsyncLifetime
{
    private const string Better = "another fine password";
    private AccessWorld _world = null!;
    private MailedLinks _mails = null!;

    public async Task InitializeAsync()
    {
        _world = await AccessWorld.CreateAsync();
        _mails = new MailedLinks(_world);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_forgotten_password_is_replaced_once_by_a_mailed_link_and_all_sessions_end()
    {
        var call = await _world.CallOfAsync(_world.Owner);
        await Reset.AskAsync(Anybody, " OWNER@acme.example.com ", default);
        var token = await _mails.TokenAsync(_world.Owner.Email!);
        (await Reset.IsGoodAsync(token, default)).ShouldBeTrue();

        (await Reset.RunAsync(Anybody, token, "short", default)).Failure.Field.ShouldBe("password");
        (await Reset.RunAsync(Anybody, token, Better, default)).Failures.ShouldBeEmpty();

        (await HasPasswordAsync(Better)).ShouldBeTrue();
        (await Reset.RunAsync(Anybody, token, "yet another password", default)).Failure.Code.ShouldBe("link_gone");
        (await _world.Get<Sessions>().IsOpenAsync(call.SessionId!.Value, _world.Owner.Id, default)).ShouldBeFalse();
        (await ActionsAsync()).ShouldContain("password.reset");
    }

    [Fact]
    public async Task Nobody_else_gets_a_mail_and_nobody_gets_many()
    {
        await _world.ExecuteAsync($"UPDATE users SET is_active = false WHERE id = {_world.Viewer.Id}");
        await Reset.AskAsync(Anybody, "unknown@example.com", default);
        await Reset.AskAsync(Anybody, _world.Viewer.Email!, default);
        for (var round = 0; round < 5; round++)
            await Reset.AskAsync(Anybody, _world.Owner.Email!, default);

        (await _mails.CountAsync("unknown@example.com")).ShouldBe(0);
        (await _mails.CountAsync(_world.Viewer.Email!)).ShouldBe(0);
        (await _mails.CountAsync(_world.Owner.Email!)).ShouldBe(ResetPassword.LinksPerHour);
    }

    [Fact]
    public async Task A_link_is_good_for_an_hour_and_dies_when_another_one_was_used()
    {
        await Reset.AskAsync(Anybody, _world.Owner.Email!, default);
        var first = await _mails.TokenAsync(_world.Owner.Email!);
        await Reset.AskAsync(Anybody, _world.Owner.Email!, default);
        var second = await _mails.TokenAsync(_world.Owner.Email!);
        (await Reset.RunAsync(Anybody, second, Better, default)).Failures.ShouldBeEmpty();
        (await Reset.IsGoodAsync(first, default)).ShouldBeFalse();

        await Reset.AskAsync(Anybody, _world.Billing.Email!, default);
        var third = await _mails.TokenAsync(_world.Billing.Email!);
        _world.Clock.Advance(TimeSpan.FromHours(1));
        (await Reset.RunAsync(Anybody, third, Better, default)).Failure.Code.ShouldBe("link_gone");
    }

    [Fact]
    public async Task Resetting_the_password_leaves_the_second_step_on()
    {
        await TurnOnAsync(await _world.CallOfAsync(_world.Owner));
        await Reset.AskAsync(Anybody, _world.Owner.Email!, default);
        await Reset.RunAsync(Anybody, await _mails.TokenAsync(_world.Owner.Email!), Better, default);

        (await _world.ReadAsync(db => db.Users.SingleAsync(user => user.Id == _world.Owner.Id))).TwoFactorEnabled.ShouldBeTrue();
    }

    [Fact]
    public async Task Another_password_needs_the_present_one_and_ends_the_other_sessions()
    {
        var here = await _world.CallOfAsync(_world.Owner);
        var elsewhere = await _world.CallOfAsync(_world.Owner);
        var change = _world.Get<ChangePassword>();

        (await change.RunAsync(here, "not it", Better, default)).Failure.Field.ShouldBe("currentPassword");
        (await change.RunAsync(here, AccessWorld.Password, "password", default)).Failure.Field.ShouldBe("newPassword");
        (await change.RunAsync(here, AccessWorld.Password, Better, default)).Failures.ShouldBeEmpty();

        (await HasPasswordAsync(Better)).ShouldBeTrue();
        (await IsOpenAsync(here)).ShouldBeTrue();
        (await IsOpenAsync(elsewhere)).ShouldBeFalse();
    }

    [Fact]
    public async Task Guessing_the_present_password_locks()
    {
        var call = await _world.CallOfAsync(_world.Owner);
        for (var guess = 0; guess < 5; guess++)
            await _world.Get<ConfirmIdentity>().RunAsync(call, "not it", null, default);

        (await _world.Get<ConfirmIdentity>().RunAsync(call, AccessWorld.Password, null, default)).Failure.Code.ShouldBe("locked");
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        (await _world.Get<ConfirmIdentity>().RunAsync(call, AccessWorld.Password, null, default)).Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_matters_asks_again_after_ten_minutes_and_a_proof_counts_for_the_session_that_gave_it()
    {
        var stale = await _world.CallOfAsync(_world.Admin);
        var other = await _world.CallOfAsync(_world.Admin);
        _world.Clock.Advance(StepUp.Lasts);
        stale = await FreshAsync(stale);
        StepUp.Check(stale, _world.Clock.GetUtcNow())!.Code.ShouldBe(StepUp.Code);

        (await _world.Get<ConfirmIdentity>().RunAsync(stale, AccessWorld.Password, null, default)).Failures.ShouldBeEmpty();

        StepUp.Check(await FreshAsync(stale), _world.Clock.GetUtcNow()).ShouldBeNull();
        StepUp.Check(await FreshAsync(other), _world.Clock.GetUtcNow()).ShouldNotBeNull();
        StepUp.Check(CallContext.System("job", "has nobody to ask"), _world.Clock.GetUtcNow()).ShouldBeNull();
    }

    [Fact]
    public async Task Another_address_counts_once_its_mail_was_read()
    {
        var call = await _world.CallOfAsync(_world.Owner);
        var change = _world.Get<ChangeAddress>();
        (await change.AskAsync(call, "fresh@acme.example.com", default)).Failures.ShouldBeEmpty();
        (await EmailAsync()).ShouldBe("owner@acme.example.com");
        var token = await _mails.TokenAsync("fresh@acme.example.com");
        (await change.FindAsync(token, default)).ShouldBe("fresh@acme.example.com");

        (await change.ConfirmAsync(Anybody, token, default)).Value.ShouldBe("fresh@acme.example.com");

        (await EmailAsync()).ShouldBe("fresh@acme.example.com");
        (await change.ConfirmAsync(Anybody, token, default)).Failure.Code.ShouldBe("link_gone");
        // An address that somebody has is answered the same, and not written to.
        (await change.AskAsync(call, _world.Admin.Email!, default)).Failures.ShouldBeEmpty();
        (await _mails.CountAsync(_world.Admin.Email!)).ShouldBe(0);
    }

    [Fact]
    public async Task A_link_of_one_sort_does_nothing_of_another()
    {
        await Reset.AskAsync(Anybody, _world.Owner.Email!, default);
        var token = await _mails.TokenAsync(_world.Owner.Email!);

        (await _world.Get<ChangeAddress>().FindAsync(token, default)).ShouldBeNull();
        (await _world.Get<ChangeAddress>().ConfirmAsync(Anybody, token, default)).Failure.Code.ShouldBe("link_gone");
        (await _world.Get<AcceptInvitation>().FindAsync(token, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_code_signs_in_once_and_so_does_a_recovery_code()
    {
        var (key, codes) = await TurnOnAsync(await _world.CallOfAsync(_world.Owner));
        // The code that turned it on is used.
        (await CheckAsync(Totp.CodeAt(key, _world.Clock.GetUtcNow()))).ShouldBe(SignInOutcome.WrongCode);
        _world.Clock.Advance(TimeSpan.FromSeconds(30));
        var code = Totp.CodeAt(key, _world.Clock.GetUtcNow());

        var together = await Task.WhenAll(CheckAsync(code), CheckAsync(code));
        together.Count(outcome => outcome == SignInOutcome.SignedIn).ShouldBe(1);

        codes.Count.ShouldBe(RecoveryCode.Count);
        (await CheckAsync(codes[0].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal))).ShouldBe(SignInOutcome.SignedIn);
        (await CheckAsync(codes[0])).ShouldBe(SignInOutcome.WrongCode);
        (await _world.Get<SecondFactor>().StateAsync(await _world.CallOfAsync(_world.Owner), default)).Value.ShouldBe(new TwoFactorState(true, RecoveryCode.Count - 1));
    }

    [Fact]
    public async Task Guessing_codes_locks()
    {
        var (key, codes) = await TurnOnAsync(await _world.CallOfAsync(_world.Owner));
        for (var guess = 0; guess < 4; guess++)
            (await CheckAsync("000000")).ShouldBe(SignInOutcome.WrongCode);
        (await CheckAsync("000000")).ShouldBe(SignInOutcome.LockedOut);

        (await CheckAsync(codes[0])).ShouldBe(SignInOutcome.LockedOut);
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        (await CheckAsync(Totp.CodeAt(key, _world.Clock.GetUtcNow()))).ShouldBe(SignInOutcome.SignedIn);
    }

    [Fact]
    public async Task The_key_is_sealed_the_codes_are_hashed_and_turning_it_off_forgets_both()
    {
        var call = await _world.CallOfAsync(_world.Owner);
        var (key, codes) = await TurnOnAsync(call);
        (await _world.ReadAsync(db => db.Users.SingleAsync(user => user.Id == _world.Owner.Id))).TotpKey.ShouldBe("sealed:" + key);
        (await _world.ReadAsync(db => db.RecoveryCodes.ToListAsync())).ShouldAllBe(row => row.Hash.Length == 32);

        (await _world.Get<SecondFactor>().TurnOffAsync(call, default)).Failures.ShouldBeEmpty();

        (await _world.ReadAsync(db => db.Users.SingleAsync(user => user.Id == _world.Owner.Id))).TotpKey.ShouldBeNull();
        (await _world.ReadAsync(db => db.RecoveryCodes.CountAsync())).ShouldBe(0);
        (await ActionsAsync()).ShouldContain("two_factor.turned_off");
        codes.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Proof_takes_the_code_too_where_there_are_two_steps()
    {
        var call = await _world.CallOfAsync(_world.Owner);
        var (key, _) = await TurnOnAsync(call);
        _world.Clock.Advance(StepUp.Lasts);
        var confirm = _world.Get<ConfirmIdentity>();

        (await confirm.RunAsync(call, AccessWorld.Password, null, default)).Failure.Field.ShouldBe("code");
        (await confirm.RunAsync(call, AccessWorld.Password, Totp.CodeAt(key, _world.Clock.GetUtcNow()), default)).Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_by_their_own_person_only()
    {
        var here = await _world.CallOfAsync(_world.Owner);
        var there = await _world.CallOfAsync(_world.Owner);
        var stranger = await _world.CallOfAsync(_world.Stranger);
        var sessions = _world.Get<Sessions>();

        (await sessions.ListAsync(here, default)).Value.Select(row => row.Id).ShouldBe([here.SessionId!.Value, there.SessionId!.Value], ignoreOrder: true);
        (await sessions.EndAsync(stranger, there.SessionId!.Value, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await sessions.EndAsync(here, there.SessionId!.Value, default)).Failures.ShouldBeEmpty();
        (await IsOpenAsync(there)).ShouldBeFalse();
        (await sessions.ListAsync(here, default)).Value.ShouldHaveSingleItem();
        _world.Clock.Advance(TimeSpan.FromHours(12));
        (await IsOpenAsync(here)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_and_a_time_zone_are_one_s_own()
    {
        var call = await _world.CallOfAsync(_world.Owner);
        var change = _world.Get<ChangeProfile>();
        (await change.RunAsync(call, " ", null, default)).Failure.Field.ShouldBe("displayName");
        (await change.RunAsync(call, "Asha", "Mars/Olympus", default)).Failure.Field.ShouldBe("timeZone");

        (await change.RunAsync(call, " Asha ", "Europe/Berlin", default)).Failures.ShouldBeEmpty();

        (await change.ReadAsync(call, default)).Value.ShouldBe(new Profile("owner@acme.example.com", "Asha", "Europe/Berlin"));
        (await _world.Get<GetAccess>().RunAsync(_world.Owner.Id, default))!.TimeZone.ShouldBe("Europe/Berlin");
    }

    private ResetPassword Reset => _world.Get<ResetPassword>();

    private static CallContext Anybody => CallContext.System("test", "By a mailed link") with { Actor = new Actor(ActorKind.User, null, "by mailed link") };

    private async Task<(string Key, IReadOnlyList<string> Codes)> TurnOnAsync(CallContext call)
    {
        var setup = SecondFactor.Prepare(call.Actor.Name);
        return (setup.Key, (await _world.Get<SecondFactor>().TurnOnAsync(call, setup.Key, Totp.CodeAt(setup.Key, _world.Clock.GetUtcNow()), default)).Value);
    }

    private Task<SignInOutcome> CheckAsync(string code) => _world.Get<SecondFactor>().CheckAsync(_world.Owner.Id, code, default);

    private Task<bool> IsOpenAsync(CallContext call) => _world.Get<Sessions>().IsOpenAsync(call.SessionId!.Value, call.Actor.Id!.Value, default);

    private async Task<CallContext> FreshAsync(CallContext call) =>
        call with { ConfirmedAt = (await _world.Get<GetAccess>().RunAsync(call.Actor.Id!.Value, call.SessionId, default))!.ConfirmedAt };

    private Task<string?> EmailAsync() => _world.ReadAsync(db => db.Users.Where(user => user.Id == _world.Owner.Id).Select(user => user.Email).SingleAsync());

    private Task<List<string>> ActionsAsync() => _world.ReadAsync(db => db.AuditLog.Where(row => row.EntityId == _world.Owner.Id).Select(row => row.Action).ToListAsync());

    private async Task<bool> HasPasswordAsync(string password)
    {
        var user = await _world.ReadAsync(db => db.Users.SingleAsync(row => row.Id == _world.Owner.Id));
        return _world.Get<IPasswordHasher<User>>().VerifyHashedPassword(user, user.PasswordHash!, password) != PasswordVerificationResult.Failed;
    }
}
