using Portal.Core.Access;

namespace Portal.Doctor;

/// <summary>The look at the installation on the command line.</summary>
internal static class DoctorReport
{
    /// <summary>Prints every finding with what to do; 0 when nothing is bad, else 1.</summary>
    public static async Task<int> RunAsync(ExamineInstallation examine, TextWriter output, CancellationToken cancellationToken)
    {
        var findings = (await examine.RunAsync(CallContext.System("doctor", "Somebody at the command line asks"), cancellationToken)).Value;
        foreach (var finding in findings)
        {
            await output.WriteLineAsync($"{Mark(finding.State),-8} {finding.Name,-16} {finding.Found}");
            if (finding.Advice is { } advice)
                await output.WriteLineAsync($"{"",-25} {advice}");
        }

        return findings.Any(finding => finding.State == FindingState.Bad) ? 1 : 0;
    }

    private static string Mark(FindingState state) => state switch
    {
        FindingState.Good => "ok",
        FindingState.Warning => "warning",
        FindingState.Bad => "bad",
        FindingState.Skipped => "skipped",
    };
}
