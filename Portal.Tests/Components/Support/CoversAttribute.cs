namespace Portal.Tests.Components.Support;

/// <summary>On a class of tests: the pages whose behaviour it holds. Every page of the portal is named by at least one (see <c>EveryPageTests</c>).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CoversAttribute(params Type[] pages) : Attribute
{
    public IReadOnlyList<Type> Pages { get; } = pages;
}
