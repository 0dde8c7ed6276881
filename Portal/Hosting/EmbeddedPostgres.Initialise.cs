namespace Portal.Hosting;

public sealed partial class EmbeddedPostgres
{
    /// <summary>Makes the cluster beside its place and moves it there whole, so that a start cut off leaves nothing half made.</summary>
    /// <returns>The superuser's password.</returns>
    private static async Task<string> InitialiseAsync(
        EmbeddedPostgresSettings settings, EmbeddedPostgresBinaries binaries, CancellationToken cancellationToken)
    {
        if (Directory.Exists(settings.Cluster))
        {
            return File.Exists(settings.PasswordFile)
                ? await File.ReadAllTextAsync(settings.PasswordFile, cancellationToken)
                : throw new StartupException($"{settings.PasswordFile} is missing; the database in {settings.Cluster} can't be opened without it.");
        }

        var secret = NewPassword();
        PrivateFolder.WriteFile(settings.PasswordFile, secret);
        if (Directory.Exists(settings.UnfinishedCluster))
        {
            Directory.Delete(settings.UnfinishedCluster, recursive: true);
        }

        PrivateFolder.Make(settings.UnfinishedCluster);
        await EmbeddedPostgresCommand.GiveAsync(settings.UnfinishedCluster, cancellationToken);
        // The server's user may read this copy, and only while it is needed.
        var passwordCopy = settings.PasswordFile + ".initdb";
        PrivateFolder.WriteFile(passwordCopy, secret);
        try
        {
            await EmbeddedPostgresCommand.GiveAsync(passwordCopy, cancellationToken);
            var (exitCode, output) = await EmbeddedPostgresCommand.RunAsync(
                binaries.Program("initdb"), settings.UnfinishedCluster, passwordCopy, Arguments(settings, passwordCopy), cancellationToken);
            if (exitCode != 0)
            {
                throw new StartupException($"the embedded database can't be made in {settings.Cluster}: {Tail(output)}");
            }
        }
        finally
        {
            File.Delete(passwordCopy);
        }

        Directory.Move(settings.UnfinishedCluster, settings.Cluster);
        return secret;
    }

    private static IEnumerable<string> Arguments(EmbeddedPostgresSettings settings, string passwordFile) =>
    [
        "-D", EmbeddedPostgresCommand.Name(settings.UnfinishedCluster),
        "-U", Superuser,
        $"--pwfile={EmbeddedPostgresCommand.NamePassword(passwordFile)}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        // The server's own rules: indexes stay right whatever the machine's C library becomes.
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--no-instructions",
        .. settings.Durable ? Array.Empty<string>() : ["--no-sync"],
        .. settings.Parameters.Select(parameter => $"--set={parameter.Key}={parameter.Value}"),
    ];

    private static string Tail(string output) => output.Length <= 400 ? output : "..." + output[^400..];
}
