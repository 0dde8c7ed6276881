namespace Portal.E2E.Support;

/// <summary>One running Portal with its demo, shared by the journeys that leave each other alone.</summary>
public sealed class RunningPortal : IAsyncLifetime
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "Running portal";

    public PortalProcess Portal { get; private set; } = null!;

    public async Task InitializeAsync() => Portal = await PortalProcess.StartAsync();

    public async Task DisposeAsync() => await Portal.DisposeAsync();

    /// <summary>The admin API with the demo's key.</summary>
    public Api Admin() => new(Portal.Address, Portal.Demo.AdminApiKey);
}

[CollectionDefinition(RunningPortal.Name)]
#pragma warning disable CA1711 // xunit's own word for it.
public sealed class RunningPortalCollection : ICollectionFixture<RunningPortal>;
#pragma warning restore CA1711
