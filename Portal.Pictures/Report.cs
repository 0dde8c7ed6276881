namespace Portal.Pictures;

/// <summary>What the round found, for people and for a build.</summary>
internal static class Report
{
    /// <summary>Writes <c>report.md</c> beside the pictures and the sum to the console; 1 when anything was found, or a page was not reached.</summary>
    public static async Task<int> WriteAsync(string folder, IReadOnlyList<PageFinding> findings, IReadOnlyList<PageTemplate> expected)
    {
        var broken = findings.Where(finding => finding.Axe.Count + finding.Console.Count > 0).ToList();
        var unseen = expected.Select(template => template.Text).Except(findings.Select(finding => finding.Template), StringComparer.Ordinal).ToList();
        var path = Path.Combine(folder, "report.md");
        await using (var file = File.CreateText(path))
        {
            await file.WriteLineAsync($"# {findings.Count} pictures of {findings.Select(finding => finding.Template).Distinct().Count()} pages\n");
            foreach (var page in broken.GroupBy(finding => finding.Template))
            {
                await file.WriteLineAsync($"## {page.Key}\n");
                foreach (var finding in page)
                {
                    foreach (var line in finding.Axe.Select(text => $"axe: {text}").Concat(finding.Console.Select(text => $"console: {text}")))
                        await file.WriteLineAsync($"- {finding.Look} {finding.Address}: {line}");
                }

                await file.WriteLineAsync();
            }

            await file.WriteLineAsync(unseen.Count == 0 ? "Every page was reached." : "Not reached:\n");
            foreach (var template in unseen)
                await file.WriteLineAsync($"- {template}");
        }

        Console.WriteLine($"{findings.Count} pictures, {broken.Sum(finding => finding.Axe.Count)} axe findings, {broken.Sum(finding => finding.Console.Count)} console errors, {unseen.Count} pages not reached: {path}");
        return broken.Count + unseen.Count == 0 ? 0 : 1;
    }
}
