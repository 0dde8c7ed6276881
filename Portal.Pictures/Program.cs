using Portal.E2E.Support;
using Portal.Pictures;
using Portal.Tests.Support;

// Pictures of every page, from the demo's data: dotnet run --project Portal.Pictures [people: admin, owner, newcomer, nobody] [words that addresses or names must hold]
// Those that the documents show: dotnet run --project Portal.Pictures -- documents
var folder = Path.Combine(RepositoryRoot.Path, "screenshots");
if (Directory.Exists(folder) && args.Length == 0)
    Directory.Delete(folder, recursive: true);
Directory.CreateDirectory(folder);
Console.WriteLine("Starting a portal with the whole demo.");
await using var portal = await PortalProcess.StartAsync(new Dictionary<string, string> { ["Demo__Organisations"] = "40", ["Demo__Months"] = "13" });
await using var browser = await Browser.StartAsync();
if (args is ["documents"])
{
    await DocumentPictures.TakeAsync(portal, browser, Path.Combine(RepositoryRoot.Path, "docs", "images"));
    return 0;
}

var findings = new List<PageFinding>();
// People who are named go round alone; every other word chooses among the pages.
var people = await People.OfAsync(portal);
var named = people.Where(person => args.Contains(person.Name)).ToList();
string[] words = [.. args.Except(people.Select(person => person.Name))];
foreach (var person in named.Count > 0 ? named : people)
    findings.AddRange(await new Round(portal, browser, folder, person, words).GoAsync());
return await Report.WriteAsync(folder, findings, args.Length == 0 ? PageTemplates.All : []);
