using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components;
using Portal.Tests.Components.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Components;

/// <summary>What holds for every page, also for the next one that somebody adds.</summary>
public sealed partial class EveryPageTests
{
    // A page for people who are signed in, whoever they are: the fallback of all that asks for nothing else.
    private static readonly Type[] s_signedIn = [typeof(Start)];

    private static readonly IReadOnlyList<Type> s_pages = [.. typeof(App).Assembly.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any())];

    // These set a title only while they wait, or when there is nothing to show.
    private static readonly string[] s_states = ["LoadView", "DataTable", "EmptyState"];

    public static TheoryData<string> Names => [.. s_pages.Select(page => page.FullName!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_says_who_may_see_it(string name)
    {
        var page = PageOf(name);
        var rules = page.GetCustomAttributes().Count(attribute => attribute is RequiresPermissionAttribute or BelongsAttribute or AuthorizeAttribute);
        var isOpen = page.GetCustomAttributes<AllowAnonymousAttribute>().Any();

        (rules > 0 || isOpen || s_signedIn.Contains(page)).ShouldBeTrue($"{name} has neither a rule nor [AllowAnonymous]");
        (rules > 0 && isOpen).ShouldBeFalse($"{name} has a rule and [AllowAnonymous], which wins");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_has_a_title(string name) => SetsTitle(SourceOf(PageOf(name)), []).ShouldBeTrue($"{name} has neither a PageTitle nor a PageFrame");

    [Theory]
    [MemberData(nameof(Names))]
    public void It_has_tests(string name)
    {
        var covered = typeof(EveryPageTests).Assembly.GetTypes().Where(type => type.GetMethods().Any(method => method.GetCustomAttributes<FactAttribute>().Any()))
            .SelectMany(type => type.GetCustomAttributes<CoversAttribute>()).SelectMany(attribute => attribute.Pages);

        covered.ShouldContain(PageOf(name), $"no class of tests says [Covers(typeof({name}))]: write its tests, then say so");
    }

    [Fact]
    public void What_tests_cover_are_pages() =>
        typeof(EveryPageTests).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<CoversAttribute>()).SelectMany(attribute => attribute.Pages).ShouldAllBe(type => s_pages.Contains(type));

    // It would draw itself within itself without end.
    [Fact]
    public void No_layout_gets_one_by_the_imports_of_its_folder() =>
        typeof(App).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(LayoutComponentBase)) && type.GetCustomAttributes<LayoutAttribute>().Any()).ShouldBeEmpty();

    private static Type PageOf(string name) => s_pages.Single(page => page.FullName == name);

    private static string SourceOf(Type component) =>
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Portal", component.FullName!["Portal.".Length..].Replace('.', '/') + ".razor"));

    // Itself, or by a component of ours that stands for the page.
    private static bool SetsTitle(string source, HashSet<Type> seen)
    {
        if (Title().IsMatch(source))
            return true;
        var used = Tag().Matches(source).Select(match => match.Groups[1].Value).Except(s_states).ToHashSet(StringComparer.Ordinal);
        return typeof(App).Assembly.GetTypes()
            .Where(type => used.Contains(type.Name) && typeof(IComponent).IsAssignableFrom(type) && seen.Add(type) && File.Exists(Path.Combine(RepositoryRoot.Path, "Portal", type.FullName!["Portal.".Length..].Replace('.', '/') + ".razor")))
            .Any(type => SetsTitle(SourceOf(type), seen));
    }

    [GeneratedRegex(@"<(PageTitle|PageFrame)[ >]|<EmptyState[^>]*\bIsPage\b")]
    private static partial Regex Title();

    [GeneratedRegex("<([A-Z][A-Za-z]+)")]
    private static partial Regex Tag();
}
