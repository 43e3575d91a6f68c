namespace Portal.Data.Packs;

/// <summary>What of a database is the building's, and goes, and what is this installation's, and stays.</summary>
internal static class PackTables
{
    /// <summary>Tables that stay, and why. No row of a table that goes refers to one of them.</summary>
    public static readonly IReadOnlyDictionary<string, string> LeftOut = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["schema_version"] = "each installation keeps its own",
        ["data_protection_keys"] = "secrets of this installation",
        ["sessions"] = "people sign in anew",
        ["sign_in_failures"] = "counted anew",
        ["second_factors"] = "protected by this installation's keys: people set them up anew",
        ["recovery_codes"] = "belong to second steps",
        ["passkeys"] = "bound to this installation's address",
        ["passkey_challenges"] = "questions of a moment",
        ["api_keys"] = "doors of this installation",
        ["api_requests"] = "belong to keys",
        ["webhooks"] = "secrets of this installation",
        ["webhook_deliveries"] = "belong to webhooks",
        ["push_keys"] = "secrets of this installation",
        ["push_devices"] = "devices subscribed to this installation",
        ["calendar_feeds"] = "secret addresses of this installation",
        ["gate_pins"] = "guards choose new ones",
        ["pqrs_presence"] = "who looks at a case now",
        ["jobs"] = "work of this installation",
        ["portals"] = "programs of this installation",
        ["backup_sets"] = "backups of this installation",
        ["backup_drills"] = "backups of this installation",
        ["backup_streams"] = "backups of this installation",
        ["table_sizes"] = "measured anew",
        ["integrity_checks"] = "checked anew",
    };

    /// <summary>Columns, as <c>table.column</c>, that are empty in a pack: secrets of this installation in a table that goes.</summary>
    public static readonly IReadOnlySet<string> Emptied = new HashSet<string>(StringComparer.Ordinal)
    {
        "gate_terminals.code_hash", "gate_terminals.secret_hash",
    };

    /// <summary>Columns that nobody is to read in a sheet; they are in the SQL.</summary>
    public static bool IsForNoEyes(string table, string column) => column switch
    {
        "password" or "security_stamp" or "token" or "projector_token" or "secret_hash" or "code_hash" or "token_hash" => true,
        _ => table == "users" && column.Contains("hash", StringComparison.Ordinal),
    };
}
