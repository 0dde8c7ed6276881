using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Portal.Tests.Components.Support;

/// <summary>bUnit asks for a part that lies beside the tests without being referenced by them.</summary>
internal static class BunitAssemblies
{
    private const string Diffing = "AngleSharp.Diffing";

#pragma warning disable CA2255 // It has to stand before the first test touches bUnit.
    [ModuleInitializer]
    internal static void Answer() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == Diffing ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, Diffing + ".dll")) : null;
#pragma warning restore CA2255
}
