using Portal.Core.Access;

namespace Portal.Hosting;

/// <summary>What the command line asks for: to serve, or to make the first admin.</summary>
public sealed class Command
{
    private const string CreateAdmin = "create-admin";
    private readonly string? _email;

    private Command(bool serves, string? email) => (Serves, _email) = (serves, email);

    /// <summary>True: run the portal; false: do one thing and end.</summary>
    public bool Serves { get; }

    /// <exception cref="StartupException">A command that there is not.</exception>
    public static Command Of(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var words = args.TakeWhile(word => !word.StartsWith('-')).ToArray();
        return words switch
        {
            [] => new Command(true, null),
            [CreateAdmin, var email] => new Command(false, email),
            _ => throw new StartupException($"'{string.Join(' ', words)}' is not a command. There is: {CreateAdmin} EMAIL."),
        };
    }

    /// <summary>The data folder: claimed to serve, shared for a command beside a running portal.</summary>
    public DataFolder OpenFolder(IConfiguration configuration, IHostEnvironment environment) => Serves
        ? DatabaseAddress.OpenFolder(configuration, environment)
        : DatabaseAddress.OpenFolderForCommand(configuration, environment);

    /// <summary>Does the one thing; the exit code.</summary>
    public async Task<int> RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var made = await services.GetRequiredService<CreateFirstAdmin>().RunAsync(_email!, cancellationToken);
        if (!made.Succeeded)
            throw new StartupException(made.Failure.Message);
        Console.WriteLine($"Admin {made.Value.Email} with the password {made.Value.Password}");
        Console.WriteLine("It is not shown again.");
        return 0;
    }
}
