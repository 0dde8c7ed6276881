using Portal.Core.Access;
using Portal.Doctor;

namespace Portal.Hosting;

/// <summary>What the command line asks for: to serve, to make the first admin, or to look at the installation.</summary>
public sealed class Command
{
    private const string CreateAdmin = "create-admin";
    private const string Doctor = "doctor";
    private readonly string _name;
    private readonly string? _email;

    private Command(string name, string? email = null) => (_name, _email) = (name, email);

    /// <summary>True: run the portal; false: do one thing and end.</summary>
    public bool Serves => _name.Length == 0;

    /// <summary>False: it leaves the database as it is.</summary>
    public bool Migrates => _name != Doctor;

    /// <exception cref="StartupException">A command that there is not.</exception>
    public static Command Of(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var words = args.TakeWhile(word => !word.StartsWith('-')).ToArray();
        return words switch
        {
            [] => new Command(""),
            [CreateAdmin, var email] => new Command(CreateAdmin, email),
            [Doctor] => new Command(Doctor),
            _ => throw new StartupException($"'{string.Join(' ', words)}' is not a command. There is: {CreateAdmin} EMAIL, {Doctor}."),
        };
    }

    /// <summary>The data folder: claimed to serve, shared for a command beside a running portal.</summary>
    public DataFolder OpenFolder(IConfiguration configuration, IHostEnvironment environment) => Serves
        ? DatabaseAddress.OpenFolder(configuration, environment)
        : DatabaseAddress.OpenFolderForCommand(configuration, environment);

    /// <summary>Does the one thing; the exit code.</summary>
    public async Task<int> RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (_name == Doctor)
            return await DoctorReport.RunAsync(services.GetRequiredService<ExamineInstallation>(), Console.Out, cancellationToken);
        var made = await services.GetRequiredService<CreateFirstAdmin>().RunAsync(_email!, cancellationToken);
        if (!made.Succeeded)
            throw new StartupException(made.Failure.Message);
        Console.WriteLine($"Admin {made.Value.Email} with the password {made.Value.Password}");
        Console.WriteLine("It is not shown again.");
        return 0;
    }
}
