using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Portal.Core.Access;

namespace Portal.Access;

/// <summary>Every permission is a policy by its own name.</summary>
internal sealed class PermissionPolicies(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
{
    /// <summary>Signed in, and with some part in the portal that the address belongs to; asks for no permission.</summary>
    public const string Belongs = "belongs";

    public override Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
    {
        if (policyName == Belongs || Permissions.All.Contains(policyName, StringComparer.Ordinal))
        {
            var policy = new AuthorizationPolicyBuilder()
                .RequireAuthenticatedUser()
                .AddRequirements(new PermissionRequirement(policyName == Belongs ? null : policyName))
                .Build();
            return Task.FromResult<AuthorizationPolicy?>(policy);
        }

        return base.GetPolicyAsync(policyName);
    }
}

/// <summary>Holding a permission, or, when it is null, having any part at all in the portal that the address belongs to.</summary>
internal sealed record PermissionRequirement(string? Permission) : IAuthorizationRequirement;
