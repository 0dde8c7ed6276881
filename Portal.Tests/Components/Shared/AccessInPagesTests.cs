using System.Reflection;
using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Components;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Shared;

public sealed class AccessInPagesTests : IAsyncLifetime
{
    private readonly PortalPages _pages = new();

    /// <summary>What may be seen without signing in; the pay page asks for a signed link instead, and the furniture is there in Development only.</summary>
    private static readonly string[] s_open = ["/not-found", "/error", "/status/{Code:int}", "/account/sign-in", "/account/sign-in/code", "/account/sign-out", "/account/forbidden",
        "/account/forgot-password", "/account/reset-password", "/account/confirm-address", "/invitation", "/dev/furniture"];

    public Task InitializeAsync() => _pages.InitializeAsync();

    public Task DisposeAsync() => _pages.DisposeAsync();

    [Fact]
    public void Every_page_says_who_may_see_it()
    {
        foreach (var page in typeof(App).Assembly.GetTypes())
        {
            foreach (var route in page.GetCustomAttributes<RouteAttribute>().Select(route => route.Template).Except(s_open))
            {
                if (route.StartsWith("/admin", StringComparison.Ordinal) || route.StartsWith("/o/", StringComparison.Ordinal))
                {
                    page.GetCustomAttributes().Any(attribute => attribute is BelongsAttribute or RequiresPermissionAttribute).ShouldBeTrue(route);
                    page.GetCustomAttributes<AllowAnonymousAttribute>().ShouldBeEmpty(route);
                }
                else if (route.StartsWith("/pay", StringComparison.Ordinal))
                {
                    page.GetCustomAttributes().Any(attribute => attribute is AllowAnonymousAttribute or AuthorizeAttribute).ShouldBeTrue(route);
                }
                else if (route is "/account" or "/account/security")
                {
                    // One's own: for everybody who is signed in.
                    page.GetCustomAttributes<AuthorizeAttribute>().ShouldNotBeEmpty(route);
                }
                else
                {
                    route.ShouldBe("/", "an address outside of both portals needs a decision here");
                }
            }
        }
    }

    [Fact]
    public void Below_an_organisation_every_page_takes_it_from_its_address()
    {
        var pages = typeof(App).Assembly.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any(route => route.Template.StartsWith("/o/", StringComparison.Ordinal))).ToList();

        pages.ShouldNotBeEmpty();
        pages.SelectMany(page => page.GetCustomAttributes<RouteAttribute>()).ShouldAllBe(route => route.Template.StartsWith("/o/{OrganisationId:guid}"));
        pages.ShouldAllBe(page => page.GetProperty("OrganisationId")!.GetCustomAttribute<ParameterAttribute>() != null);
    }

    [Fact]
    public void Every_permission_that_a_page_asks_for_exists() =>
        typeof(App).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RequiresPermissionAttribute>()).Select(attribute => attribute.Permission)
            .ShouldAllBe(permission => Permissions.All.Contains(permission));

    [Fact]
    public async Task A_button_shows_to_who_may_press_it_in_this_portal_only()
    {
        (await ShowsAsync(_pages.World.Owner, $"/o/{_pages.World.Acme.Id}/projects", Permissions.KeysWrite)).ShouldBeTrue();
        (await ShowsAsync(_pages.World.Owner, $"/o/{_pages.World.Globex.Id}/projects", Permissions.KeysWrite)).ShouldBeFalse();
        (await ShowsAsync(_pages.World.Owner, "/admin/organisations", Permissions.KeysWrite)).ShouldBeFalse();
        (await ShowsAsync(_pages.World.Billing, $"/o/{_pages.World.Acme.Id}/projects", Permissions.KeysWrite)).ShouldBeFalse();
        (await ShowsAsync(_pages.World.Admin, "/admin/organisations", Permissions.OrganisationsWrite)).ShouldBeTrue();
        (await ShowsAsync(_pages.World.Viewer, "/admin/organisations", Permissions.OrganisationsWrite)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_call_has_what_the_person_may_do_now_and_reaches_no_further()
    {
        _pages.As(_pages.World.Owner, $"/o/{_pages.World.Acme.Id}");
        var calls = _pages.Get<ICallContexts>();

        var own = await calls.ForOrganisationAsync(_pages.World.Acme.Id);
        var foreign = await calls.ForOrganisationAsync(_pages.World.Globex.Id);
        var staff = await calls.ForStaffAsync();

        own.OrganisationId.ShouldBe(_pages.World.Acme.Id);
        own.Actor.ShouldBe(new Actor(ActorKind.User, _pages.World.Owner.Id, _pages.World.Owner.Email!));
        own.May(Permissions.KeysWrite).ShouldBeTrue();
        foreach (var nothing in new[] { foreign, staff })
        {
            nothing.Permissions.ShouldBeEmpty();
            nothing.OrganisationId.ShouldBe(Guid.Empty);
        }
    }

    [Fact]
    public async Task A_role_that_was_taken_away_counts_from_the_next_call()
    {
        _pages.As(_pages.World.Viewer, "/admin");
        var calls = _pages.Get<ICallContexts>();
        (await calls.ForStaffAsync()).May(Permissions.OrganisationsRead).ShouldBeTrue();

        await _pages.World.Get<RemoveRole>().RunAsync(_pages.World.Staff, _pages.World.Viewer.Id, null, default);

        (await calls.ForStaffAsync()).Permissions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_circuit_s_session_goes_on_while_all_is_well_and_pages_decide_anew_when_roles_change()
    {
        using var guard = Guard();
        var changes = 0;
        ((IHostEnvironmentAuthenticationStateProvider)guard).SetAuthenticationState(Task.FromResult(new AuthenticationState(Principal(_pages.World.Owner))));
        guard.AuthenticationStateChanged += _ => changes++;
        var owner = await PrincipalAsync(_pages.World.Owner);

        (await guard.CheckAsync(owner, default)).ShouldBeTrue();
        changes.ShouldBe(1);
        (await guard.CheckAsync(owner, default)).ShouldBeTrue();
        changes.ShouldBe(1);
        await _pages.World.Get<AssignRole>().RunAsync(_pages.World.Staff, _pages.World.Owner.Id, SystemRoles.Member, _pages.World.Globex.Id, default);

        (await guard.CheckAsync(owner, default)).ShouldBeTrue();
        changes.ShouldBe(2);
    }

    [Fact]
    public async Task A_circuit_s_session_ends_with_its_person_its_stamp_and_its_age()
    {
        using var guard = Guard();
        (await guard.CheckAsync(await PrincipalAsync(_pages.World.Owner), default)).ShouldBeTrue();
        (await guard.CheckAsync(await PrincipalAsync(_pages.World.Owner, stamp: "another"), default)).ShouldBeFalse();
        var principal = await PrincipalAsync(_pages.World.Owner);
        _pages.World.Clock.Advance(TimeSpan.FromHours(12));
        (await guard.CheckAsync(principal, default)).ShouldBeFalse();
        await _pages.World.ExecuteAsync($"UPDATE users SET is_active = false WHERE id = {_pages.World.Owner.Id}");
        (await guard.CheckAsync(await PrincipalAsync(_pages.World.Owner), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_circuit_without_a_session_or_with_one_that_was_ended_elsewhere_ends()
    {
        using var guard = Guard();
        var owner = _pages.World.Owner;
        var here = await _pages.World.CallOfAsync(owner);
        var elsewhere = await _pages.World.CallOfAsync(owner);
        var principal = With(Principal(owner), here.SessionId!.Value);
        (await guard.CheckAsync(Principal(owner), default)).ShouldBeFalse();
        (await guard.CheckAsync(principal, default)).ShouldBeTrue();

        (await _pages.Get<Sessions>().EndOthersAsync(elsewhere, default)).Value.ShouldBe(1);

        (await guard.CheckAsync(principal, default)).ShouldBeFalse();
        (await guard.CheckAsync(With(Principal(owner), elsewhere.SessionId!.Value), default)).ShouldBeTrue();
        // Somebody else's session is none of one's own.
        (await guard.CheckAsync(With(Principal(_pages.World.Admin), elsewhere.SessionId!.Value), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_session_that_was_ended_elsewhere_still_shows_can_do_nothing()
    {
        var session = await _pages.SignInAsync(_pages.World.Admin, "/admin");
        var calls = _pages.Get<ICallContexts>();
        (await calls.ForStaffAsync()).Permissions.ShouldNotBeEmpty();

        await _pages.World.ExecuteAsync($"UPDATE user_sessions SET ended_at = now() WHERE id = {session}");

        (await calls.ForStaffAsync()).Permissions.ShouldBeEmpty();
        (await calls.ForSelfAsync()).Actor.Id.ShouldBeNull();
    }

    private async Task<bool> ShowsAsync(User user, string address, string permission)
    {
        _pages.As(user, address);
        // As the page around it has: by then it is known what the person may do.
        await _pages.Get<PersonAccessReader>().FreshAsync(user.Id, default);
        var shown = _pages.Open<Allowed>(it => it.Add(x => x.Permission, permission).Add(x => x.ChildContent, "<button>Go</button>")).FindAll("button").Count == 1;
        await _pages.Context.DisposeComponentsAsync();
        return shown;
    }

    private CircuitGuard Guard() => new(NullLoggerFactory.Instance, _pages.Get<PersonAccessReader>(), _pages.Get<Sessions>(), Options.Create(new AccessOptions()), Options.Create(new IdentityOptions()), _pages.World.Clock);

    private static ClaimsPrincipal With(ClaimsPrincipal principal, Guid session)
    {
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(PersonClaims.Session, session.ToString()));
        return principal;
    }

    private async Task<ClaimsPrincipal> PrincipalAsync(User user, string? stamp = null) => With(Principal(user, stamp), (await _pages.World.CallOfAsync(user)).SessionId!.Value);

    private ClaimsPrincipal Principal(User user, string? stamp = null) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, user.Id.ToString()),
            new Claim(new IdentityOptions().ClaimsIdentity.SecurityStampClaimType, stamp ?? user.SecurityStamp!),
            PersonClaims.SignedInNow(_pages.World.Clock.GetUtcNow()),
        ],
        "test"));
}
