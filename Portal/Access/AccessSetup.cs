using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Core.Access;
using Portal.Data;

namespace Portal.Access;

/// <summary>Who may come in: sessions, admin keys, permissions.</summary>
public static class AccessSetup
{
    /// <summary>The rate limit of the sign-in page.</summary>
    public const string SignInLimit = "sign-in";

    /// <summary>The rate limit of invitations by an admin key.</summary>
    public const string InvitationLimit = "invitations";

    /// <summary>The cookie between the two steps of signing in.</summary>
    public const string SecondStepScheme = "SecondStep";

    /// <summary>Registers people, sessions, admin keys and permission policies, and the actions of <see cref="Core.Access"/>. Needs the data services.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration, IWebHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        var options = configuration.GetSection(AccessOptions.Section).Get<AccessOptions>() ?? new AccessOptions();
        var httpsOnly = options.RequireHttps ?? !environment.IsDevelopment();

        services.AddAccessActions();
        services.AddHttpContextAccessor();
        services.AddScoped<CallOrigin>();
        services.AddScoped<PersonAccessReader>();
        services.AddScoped<ICallContexts, CallContexts>();
        services.AddScoped<SignIn>();
        services.AddScoped<AccountRecovery>();
        services.AddSingleton(new LockoutRules(options.LockoutTries, options.LockoutMinutes));
        services.AddSingleton<ISecretSeal, SecretSeal>();
        services.AddSingleton<ConnectionLimit>();
        services.AddDataProtection().SetApplicationName("billing-portal");
        services.AddOptions<KeyManagementOptions>().Configure<NpgsqlDataSource>((keys, database) => keys.XmlRepository = new DatabaseKeyRing(database));
        AddPeople(services, options);
        AddSessions(services, options, httpsOnly);
        AddPermissions(services);
        AddLimits(services);
        return services;
    }

    /// <summary>Rate limits, authentication, authorization and antiforgery, in the order that they need; after routing, before the endpoints.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) => app
        .UseRateLimiter()
        .UseAuthentication()
        .Use(async (context, next) =>
        {
            context.RequestServices.GetRequiredService<CallOrigin>().Take(context);
            // The page for a status is rendered without waiting for what it reads, so what decides where it stands is read before.
            if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null && context.User.PersonId() is { } person)
                await context.RequestServices.GetRequiredService<PersonAccessReader>().GetAsync(person, context.RequestAborted);
            await next(context);
        })
        .Use((context, next) => context.RequestServices.GetRequiredService<ConnectionLimit>().RunAsync(context, next))
        .UseAuthorization()
        .UseAntiforgery()
        .Use((context, next) =>
        {
            // Whatever asks for a token and did not get one ends here: not every kind of endpoint looks for itself. The page that then says so comes by again.
            if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false } || context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
                return next(context);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        });

    /// <summary>The endpoints that sign out and that passkeys need; their requests carry an antiforgery token.</summary>
    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/account/sign-out", async (HttpContext context, SignIn signIn) =>
            {
                await signIn.EndAsync(context.User, context.RequestAborted);
                return TypedResults.LocalRedirect("~/account/sign-in");
            })
            .WithMetadata(new RequireAntiforgeryTokenAttribute())
            .ExcludeFromDescription()
            .WithOrder(-1) // Before the page of the same address, which asks first.
            .AllowAnonymous();
        PasskeyEndpoints.Map(endpoints);
        return endpoints;
    }

    private static void AddPeople(IServiceCollection services, AccessOptions options)
    {
        // Stateless, and needed by actions that live as long as the application.
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        // OWASP's figure for PBKDF2 with HMAC-SHA512, as of 2023.
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 210_000);
        services.AddIdentityCore<User>(identity =>
            {
                identity.User.RequireUniqueEmail = true;
                identity.Password = new PasswordOptions
                {
                    RequiredLength = PasswordRules.ShortestLength,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                    RequiredUniqueChars = 1,
                };
                identity.Lockout.MaxFailedAccessAttempts = options.LockoutTries;
                identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(options.LockoutMinutes);
            })
            .AddEntityFrameworkStores<BillingDbContext>()
            .AddPasswordValidator<UncommonPasswords>()
            .AddSignInManager();
    }

    private static void AddSessions(IServiceCollection services, AccessOptions options, bool httpsOnly)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, cookie =>
            {
                Harden(cookie.Cookie, "billing.session", httpsOnly);
                cookie.LoginPath = "/account/sign-in";
                cookie.LogoutPath = "/account/sign-out";
                cookie.AccessDeniedPath = "/account/forbidden";
                cookie.ReturnUrlParameter = "returnUrl";
                cookie.ExpireTimeSpan = TimeSpan.FromMinutes(options.IdleMinutes);
                cookie.SlidingExpiration = true;
                cookie.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
            })
            .AddCookie(SecondStepScheme, cookie =>
            {
                Harden(cookie.Cookie, "billing.second-step", httpsOnly);
                cookie.ExpireTimeSpan = TimeSpan.FromMinutes(5);
                cookie.SlidingExpiration = false;
            })
            // Where the framework keeps a passkey's challenge between its two requests.
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme, cookie =>
            {
                Harden(cookie.Cookie, "billing.passkey", httpsOnly);
                cookie.ExpireTimeSpan = TimeSpan.FromMinutes(5);
                cookie.SlidingExpiration = false;
            })
            .AddScheme<AuthenticationSchemeOptions, AdminKeyScheme>(AdminKeyScheme.Name, null);
        PasskeyEndpoints.Configure(services);
        services.AddScoped<ISecurityStampValidator, SessionValidator>();
        services.Configure<SecurityStampValidatorOptions>(validation =>
        {
            validation.ValidationInterval = TimeSpan.FromMinutes(1);
            validation.OnRefreshingPrincipal = SessionValidator.KeepBeginning;
        });
        services.AddAntiforgery(antiforgery =>
        {
            Harden(antiforgery.Cookie, "billing.antiforgery", httpsOnly);
            // Set, stricter, by the security headers.
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, CircuitGuard>();
    }

    private static void AddPermissions(IServiceCollection services)
    {
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddSingleton<IAuthorizationPolicyProvider, PermissionPolicies>();
        services.AddScoped<IAuthorizationHandler, PermissionHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessResults>();
    }

    private static void AddLimits(IServiceCollection services)
    {
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<AccessOptions>>((limits, access) =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            // Looking at the page is free; only trying counts.
            limits.AddPolicy(SignInLimit, context => HttpMethods.IsPost(context.Request.Method)
                ? RateLimitPartition.GetFixedWindowLimiter(
                    context.Connection.RemoteIpAddress?.ToString() ?? "",
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = access.Value.SignInsPerMinute, Window = TimeSpan.FromMinutes(1) })
                : RateLimitPartition.GetNoLimiter(""));
            limits.AddPolicy(InvitationLimit, context => RateLimitPartition.GetFixedWindowLimiter(
                context.Request.Headers.Authorization.ToString() is { Length: > 0 } key ? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key))) : context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = access.Value.InvitationsPerMinute, Window = TimeSpan.FromMinutes(1) }));
            limits.OnRejected = (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                    rejected.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
        });
    }

    private static void Harden(CookieBuilder cookie, string name, bool httpsOnly)
    {
        // The prefix makes browsers refuse the cookie unless it is secure and belongs to this host alone.
        cookie.Name = httpsOnly ? "__Host-" + name : name;
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = httpsOnly ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.IsEssential = true;
    }
}
