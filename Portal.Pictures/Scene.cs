using Microsoft.Playwright;

namespace Portal.Pictures;

/// <summary>A page in a state that its address alone does not bring about: a dialog that is open, rows that are chosen, a form with mistakes.</summary>
/// <param name="Name">For its files.</param>
/// <param name="Address">Where it begins.</param>
/// <param name="Do">What is done there; null for an address that says it all.</param>
internal sealed record Scene(string Name, string Address, Func<IPage, Task>? Do = null);

/// <summary>Somebody whose way through the portal is looked at.</summary>
/// <param name="Name">For files: <c>admin</c>.</param>
/// <param name="SignIn">Mail address and password; null for who is not signed in.</param>
/// <param name="Root">Where the way begins; pages below it that need no more to be known are all looked at.</param>
/// <param name="First">Pages to be taken as the example of their route, where links may lead to another.</param>
/// <param name="Scenes">Looked at last.</param>
internal sealed record Person(string Name, (string Email, string Password)? SignIn, string Root, IReadOnlyList<string> First, IReadOnlyList<Scene> Scenes);
