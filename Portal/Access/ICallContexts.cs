using Portal.Core.Access;

namespace Portal.Access;

/// <summary>
/// Makes the call context of the person who is signed in, in an HTTP request as in a circuit. What they may do is read from the
/// database each time, so that a role that was taken away counts from the next call on. Somebody with no part in what is asked for gets a
/// context that may do nothing and sees nothing: the actions answer <c>forbidden</c>. For admin keys see <see cref="HttpCalls"/>.
/// </summary>
/// <example>
/// <code>
/// @inject ICallContexts Calls
/// var call = await Calls.ForOrganisationAsync(OrganisationId, cancellationToken);
/// var result = await listProjects.RunAsync(call, OrganisationId, request, cancellationToken);
/// </code>
/// </example>
public interface ICallContexts
{
    /// <summary>Reaches every organisation, with the person's platform permissions.</summary>
    Task<CallContext> ForStaffAsync(CancellationToken cancellationToken = default);

    /// <summary>Reaches one organisation, with the person's permissions there.</summary>
    Task<CallContext> ForOrganisationAsync(Guid organisationId, CancellationToken cancellationToken = default);

    /// <summary>Reaches nothing but the person's own account: for actions that ask who calls and for no permission.</summary>
    Task<CallContext> ForSelfAsync(CancellationToken cancellationToken = default);
}
