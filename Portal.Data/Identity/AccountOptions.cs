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

    /// <summary>
    /// Failures that all strange devices together may make on one account in an hour, before strange devices wait for the hour to end. One
    /// network alone makes 16 at the most; devices that signed in before are never touched by it.
    /// </summary>
    public int StrangersPerHour { get; set; } = 100;

    /// <summary>For how long a browser is known as one that its person has signed in with.</summary>
    public TimeSpan DeviceKnownFor { get; set; } = TimeSpan.FromDays(400);

    /// <summary>For how long a code that activates an account may be used.</summary>
    public TimeSpan ActivationLasts { get; set; } = TimeSpan.FromDays(7);

    /// <summary>For how long a code that sets a new password may be used.</summary>
    public TimeSpan ResetLasts { get; set; } = TimeSpan.FromHours(1);

    /// <summary>For how long a session lasts without being used, when the person did not ask to be remembered.</summary>
    public TimeSpan SessionLasts { get; set; } = TimeSpan.FromHours(12);

    /// <summary>For how long a person who asked for it is remembered on a device.</summary>
    public TimeSpan RememberedLasts { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long a session of the office, which has everybody's data before it, lasts unused; to be remembered does not change it.
    /// </summary>
    public TimeSpan OfficeSessionLasts { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The longest that any session of the office lasts, however much it is used.</summary>
    public TimeSpan OfficeSessionMost { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The same for everybody else.</summary>
    public TimeSpan SessionMost { get; set; } = TimeSpan.FromDays(30);

    /// <summary>After how long unused, and after how long at all, a session is over.</summary>
    public (TimeSpan Idle, TimeSpan Most) SessionLimits(bool office, bool remembered) =>
        office ? (OfficeSessionLasts, OfficeSessionMost) : (remembered ? RememberedLasts : SessionLasts, SessionMost);

    /// <summary>
    /// For how long what is known of an account may be used without asking the database. Changes made through the portal are known at once;
    /// this bounds those made past it.
    /// </summary>
    public TimeSpan KnownFor { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// For how long what was known goes on being used while the database cannot be asked. Nobody is signed out after that either: their
    /// pages answer that the portal is not available until it is.
    /// </summary>
    public TimeSpan TrustedFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Passkeys also work at <c>localhost</c>, besides the building's public address: for who develops the portal.
    /// </summary>
    public bool PasskeysOnLocalhost { get; set; }

    /// <summary>
    /// Failed attempts to sign in that strange devices on one network may make at once; after that, <see cref="FailuresPerMinute"/> before
    /// further ones go one after the other.
    /// </summary>
    public int FailuresAtOnce { get; set; } = 20;

    public int FailuresPerMinute { get; set; } = 10;
}
