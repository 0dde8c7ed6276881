using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data.Kernel;
using Portal.Demo;
using Portal.Observability;

namespace Portal.Hosting;

/// <summary>What the program does around the web server.</summary>
internal static class WebApplicationSetup
{
    /// <summary>Everything that keeps files finds the same folder, however it was named.</summary>
    public static void UseDataFolder(this WebApplicationBuilder builder, DataFolder folder) =>
        builder.Configuration[DataFolder.Key] = folder.FullPath;

    /// <summary>
    /// Requests are handled on the thread that read them, not handed to another first. "Unsafe" is that only where sockets complete on the thread
    /// that watches all of them, which .NET does if asked by an environment variable of its own.
    /// </summary>
    public static void UseSocketsDirectly(this WebApplicationBuilder builder) => builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);

    /// <summary>Checks the options and brings the database to this version.</summary>
    public static async Task PrepareDatabaseAsync(this WebApplication app, CancellationToken stop)
    {
        app.Services.GetService<IStartupValidator>()?.Validate();
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        try
        {
            await DatabaseMigrator.MigrateAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), now, stop);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new StartupException($"the database user may not do what the migration needs: {exception.MessageText}. See docs/operations.md, Database.", exception);
        }
    }

    /// <summary>Serves until told to stop; in Development makes the demo first, and says where everything is.</summary>
    public static async Task ServeAsync(this WebApplication app, CancellationToken stop)
    {
        app.Services.StartObservability();
        var demo = app.Environment.IsDevelopment() ? app.Services.GetRequiredService<DemoData>() : null;
        await (demo?.MakeAsync(stop) ?? Task.CompletedTask);
        await app.StartAsync(stop);
        await (demo?.AnnounceAsync(app.Urls.First(), stop) ?? Task.CompletedTask);
        await app.WaitForShutdownAsync(stop);
    }
}
