using System.Reflection;
using System.Text.RegularExpressions;
using Portal.Core.Kernel;
using Portal.Data;
using Portal.Tests.Support;

namespace Portal.Tests.Structure;

public sealed partial class DependencyDirections
{
    private static readonly Assembly s_core = typeof(IBillingDb).Assembly;
    private static readonly Assembly s_data = typeof(BillingDbContext).Assembly;

    [Fact]
    public void Core_knows_no_database_driver_no_web_framework_no_scheduler_and_no_document_engine()
    {
        string[] forbidden = ["Npgsql", "Microsoft.AspNetCore", "Quartz", "Radzen", "Polly", "Jering", "QRCoder", "System.Net.Http", "Portal", "Portal.Data", "Microsoft.EntityFrameworkCore.Relational"];
        // Identity's user type has no web in it, though its name says so.
        string[] allowed = ["Portal.Core", "Microsoft.AspNetCore.Identity", "Microsoft.Extensions.Identity.Stores"];
        References(s_core).Where(name => forbidden.Any(start => name == start || name.StartsWith(start + ".", StringComparison.Ordinal)) && !allowed.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Data_knows_the_core_and_the_database_only()
    {
        string[] forbidden = ["Portal", "Quartz", "Radzen", "Polly", "Jering", "QRCoder", "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Mvc"];
        References(s_data).Where(forbidden.Contains).ShouldBeEmpty();
        References(s_data).ShouldContain("Portal.Core");
    }

    [Fact]
    public void Pages_and_endpoints_do_not_speak_SQL()
    {
        var folders = new[] { "Portal/Components", "Portal/Endpoints/Admin" };
        folders.Select(folder => Path.Combine(RepositoryRoot.Path, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories))
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
            .Where(file => SqlUse().IsMatch(File.ReadAllText(file)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_folder_or_class_is_a_heap()
    {
        string[] heaps = ["Helpers", "Managers", "Utils", "Utilities", "Models", "Misc"];
        new[] { "Portal", "Portal.Core", "Portal.Data" }
            .SelectMany(project => Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, project), "*", SearchOption.AllDirectories))
            .Where(folder => !folder.Contains($"{Path.DirectorySeparatorChar}obj", StringComparison.Ordinal) && !folder.Contains($"{Path.DirectorySeparatorChar}bin", StringComparison.Ordinal))
            .Where(folder => heaps.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase))
            .ShouldBeEmpty();
    }

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    [GeneratedRegex(@"\b(NpgsqlConnection|NpgsqlCommand|NpgsqlDataSource|FromSql|ExecuteSql|BillingDbContext)\b")]
    private static partial Regex SqlUse();
}
