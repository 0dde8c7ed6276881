using System.ComponentModel;
using System.Diagnostics;

namespace Portal.Hosting;

/// <summary>
/// Runs PostgreSQL's programs as a user that PostgreSQL agrees to run as. It refuses root, so as root they run as the
/// unprivileged user 65534. That user can't walk through a private home to the cluster's folder: root opens the
/// folder first, and the programs are given the open folder by its number.
/// </summary>
public static class EmbeddedPostgresCommand
{
    // The open folder is inherited by the server and all its processes.
    private const string Unprivileged = "65534";
    private const string OpenFolder = "/proc/self/fd/9";
    private const string OpenPassword = "/proc/self/fd/8";
    private const string Script =
        $"""
        folder=$1; password=$2; shift 2
        exec 9<"$folder" || exit 1
        if [ -n "$password" ]; then exec 8<"$password" || exit 1; fi
        cd /
        exec setpriv --reuid={Unprivileged} --regid={Unprivileged} --clear-groups --inh-caps=-all --no-new-privs "$@"
        """;

    /// <summary>Whether this process is root, and the server runs as another user.</summary>
    public static bool DropsRoot => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    /// <summary>How a program that runs by <see cref="RunAsync"/> names the folder it was given.</summary>
    public static string Name(string folder) => DropsRoot ? OpenFolder : folder;

    /// <summary>How a program that runs by <see cref="RunAsync"/> names the password file it was given.</summary>
    public static string NamePassword(string file) => DropsRoot ? OpenPassword : file;

    /// <summary>Gives a file or folder to the user that the server runs as.</summary>
    public static async Task GiveAsync(string path, CancellationToken cancellationToken)
    {
        if (DropsRoot)
        {
            var (exitCode, output) = await ExecuteAsync(new ProcessStartInfo("chown", [$"{Unprivileged}:{Unprivileged}", path]), cancellationToken);
            if (exitCode != 0)
            {
                throw new StartupException($"{path} can't be given to the user {Unprivileged} that the embedded PostgreSQL runs as: {output}");
            }
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">The full path of it.</param>
    /// <param name="folder">The folder that it works on, which must exist.</param>
    /// <param name="passwordFile">A file that it reads the password from.</param>
    /// <param name="arguments">Naming both as <see cref="Name"/> and <see cref="NamePassword"/> say.</param>
    /// <param name="cancellationToken">Ends the waiting; the program is killed.</param>
    /// <returns>The exit code and what was printed.</returns>
    /// <exception cref="StartupException">It could not be run at all.</exception>
    public static Task<(int ExitCode, string Output)> RunAsync(
        string program, string folder, string? passwordFile, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        ExecuteAsync(
            DropsRoot
                ? new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", folder, passwordFile ?? "", program, .. arguments])
                : new ProcessStartInfo(program, arguments),
            cancellationToken);

    private static async Task<(int ExitCode, string Output)> ExecuteAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        Confine(start.Environment);
        using var process = Start(start);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, (await output + await errors).ReplaceLineEndings(" ").Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new StartupException($"{start.FileName} can't be run: {exception.Message}", exception);
        }
    }

    // The server has no business with this process's secrets, and libpq's variables would lead its programs elsewhere.
    private static void Confine(IDictionary<string, string?> environment)
    {
        string[] kept = ["PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot", "SystemDrive", "ComSpec"];
        foreach (var name in environment.Keys.Except(kept, StringComparer.OrdinalIgnoreCase).ToList())
        {
            environment.Remove(name);
        }

        environment["LC_ALL"] = "C";
    }
}
