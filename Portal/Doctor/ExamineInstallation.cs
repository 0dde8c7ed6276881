using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Doctor;

/// <summary>Looks at every part of the installation at once, each within bounded time.</summary>
internal sealed class ExamineInstallation(IEnumerable<IExamination> examinations, TimeProvider clock)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>Needs <c>system:read</c>, as staff. All findings, in order, also where some are bad.</summary>
    public async Task<Result<IReadOnlyList<Finding>>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SystemRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        return Result<IReadOnlyList<Finding>>.From(await Task.WhenAll(examinations.Select(examination => LookAsync(examination, cancellationToken))));
    }

    private async Task<Finding> LookAsync(IExamination examination, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await examination.LookAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Finding(examination.Name, FindingState.Bad, $"No answer in {s_patience.TotalSeconds:0} seconds.", "Check whether the service is overloaded or behind a firewall.");
        }
#pragma warning disable CA1031 // Whatever fails is what was found.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new Finding(examination.Name, FindingState.Bad, exception.Message.ReplaceLineEndings(" "), "Fix the cause named in the message, then check again.");
        }
    }
}
