using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Portal.Data.Access;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// A policy is a permission's name: <c>[Authorize(Policy = Permissions.PaymentsView)]</c>. Where one of several is enough they stand with a
/// bar between
/// them: <c>Permissions.PaymentsView + "|" + Permissions.PaymentsViewOwn</c>.
/// </summary>
public sealed class PermissionPolicies(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
{
    private static readonly HashSet<string> Known = [.. Permissions.All];

    private readonly ConcurrentDictionary<string, AuthorizationPolicy> _policies = new();

    // A policy only names permissions; who has them is asked each time.
    public override bool AllowsCachingPolicies => true;

    public override async Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
    {
        if (_policies.TryGetValue(policyName, out var policy)) return policy;
        var names = policyName.Split('|');
        if (!names.All(Known.Contains)) return await base.GetPolicyAsync(policyName);
        return _policies[policyName] = new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .AddRequirements(new PermissionRequirement(names))
            .Build();
    }
}

/// <summary>One of these permissions.</summary>
public sealed record PermissionRequirement(IReadOnlyList<string> AnyOf) : IAuthorizationRequirement;

/// <summary>Asks what the account may do now: a permission taken from a role counts at once, also for who is signed in.</summary>
internal sealed class PermissionHandler(CurrentUserSource accounts) : AuthorizationHandler<PermissionRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.User.AccountId() is { } id
            && await accounts.FindAsync(id, CancellationToken.None) is { IsActive: true } account
            && requirement.AnyOf.Any(account.In(context.User).Can))
        {
            context.Succeed(requirement);
        }
    }
}
