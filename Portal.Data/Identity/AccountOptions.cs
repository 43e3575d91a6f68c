namespace Portal.Data.Identity;

/// <summary>What can be set about signing in, section <c>Identity</c> of the configuration.</summary>
public sealed class AccountOptions
{
    public const string Section = "Identity";

    /// <summary>Work of a new password hash: 2^cost rounds. Older, cheaper hashes are made again at the next sign-in.</summary>
    public int BcryptCost { get; set; } = 11;

    /// <summary>Hashes computed at once; 0 leaves one processor to everything else.</summary>
    public int ConcurrentHashes { get; set; }

    /// <summary>Sign-ins that may wait for a free place before more are turned away as busy.</summary>
    public int WaitingHashes { get; set; } = 100;

    /// <summary>Wrong passwords in a row after which an account is locked.</summary>
    public int LockoutFailures { get; set; } = 5;

    public TimeSpan LockoutTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>For how long a code that activates an account may be used.</summary>
    public TimeSpan ActivationLasts { get; set; } = TimeSpan.FromDays(7);

    /// <summary>For how long a code that sets a new password may be used.</summary>
    public TimeSpan ResetLasts { get; set; } = TimeSpan.FromHours(1);

    /// <summary>For how long a session lasts without being used, when the person did not ask to be remembered.</summary>
    public TimeSpan SessionLasts { get; set; } = TimeSpan.FromHours(12);

    /// <summary>For how long a person who asked for it is remembered on a device.</summary>
    public TimeSpan RememberedLasts { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// For how long what is known of an account may be used without asking the database. Changes made through the portal are known at once;
    /// this bounds those made past it.
    /// </summary>
    public TimeSpan KnownFor { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Failed attempts to sign in that one address may make at once; after that, <see cref="FailuresPerMinute"/>.</summary>
    public int FailuresAtOnce { get; set; } = 20;

    public int FailuresPerMinute { get; set; } = 10;
}
