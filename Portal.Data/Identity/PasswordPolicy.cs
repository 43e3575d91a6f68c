using System.Globalization;
using System.Text;

namespace Portal.Data.Identity;

/// <summary>What a new password must be. Length does more than required signs (NIST SP 800-63B), so there are no such rules.</summary>
public static class PasswordPolicy
{
    public const int Shortest = 10;

    /// <summary>Characters, at the most; every one of them counts, whatever it takes to write (<see cref="Bcrypt"/>).</summary>
    public const int LongestTyped = 200;

    /// <summary>
    /// What everybody in the building would try first. A password that says nothing beside these words and digits is refused
    /// (docs/security.md names them too).
    /// </summary>
    public static IReadOnlyList<string> OfTheHouse { get; } =
    [
        "administracion", "administrador", "administradora", "apartamento", "residencial", "propietario", "propietaria", "contrasena",
        "residente", "vallhalla", "edificio", "conjunto", "porteria", "vigilante", "password", "usuario", "portero", "portal", "torre",
        "clave", "admin", "staff", "owner", "security", "apto",
    ];

    // Beside those that leaked: the Spanish ones that long lists of the world lack. Compared without case, accents and signs.
    private static readonly HashSet<string> Spanish = new(
        """
        1234567890 12345678910 123456789a 0123456789 0987654321 9876543210 1q2w3e4r5t 1qaz2wsx3edc q1w2e3r4t5 1234567891 qwertyuiop qwerty12345 qwerty1234
        qwerty123456 asdfghjkl1 qwertyuiop123 abcdefghij abc1234567 abcd123456 password12 password123 password1234 password12345 passw0rd123 mypassword
        contrasena contrasena1 contrasena12 contrasena123 contrasena1234 micontrasena clave12345 clave123456 miclave123 miclave1234 admin12345 admin123456
        administrador administrador1 administrador123 administracion administracion1 usuario123 usuario1234 bienvenido bienvenido1 bienvenido123 welcome123
        welcome1234 letmein123 iloveyou12 iloveyou123 teamomucho teamo12345 tequiero123 teamo123456 colombia123 colombia1234 colombia12345 colombia2024
        colombia2025 colombia2026 bogota2024 bogota2025 bogota2026 bogota1234 bogota12345 medellin123 medellin1234 cali123456 nacional123 millonarios
        millonarios1 santafe123 americadecali football123 futbol1234 futbol12345 superman123 princesa123 princess123 sunshine123 monkey12345 dragon12345
        changeme123 cambiame123 temporal123 temporal1234 prueba1234 prueba12345 familia123 familia1234 miperro123 mascota123 dios123456 jesus12345 jesucristo
        jesucristo1 maria12345 carlos1234 andrea1234 daniel1234 alejandro1 alejandro123 sebastian1 sebastian123 valentina1 valentina123 alejandra1
        vallhalla1 vallhalla123 conjunto123 conjunto1234 edificio123 apartamento apartamento1 residencial residencial1
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    // Twenty thousand, read when the first password is chosen.
    private static readonly Lazy<HashSet<string>> Leaked = new(() =>
    {
        using var list = typeof(PasswordPolicy).Assembly.GetManifestResourceStream("leaked-passwords.txt")
            ?? throw new InvalidOperationException("The list of leaked passwords is not in the program.");
        using var lines = new StreamReader(list);
        HashSet<string> found = new(StringComparer.Ordinal);
        while (lines.ReadLine() is { } line)
        {
            if (line is not ['#', ..]) found.Add(line);
        }

        return found;
    });

    /// <summary>Everything that speaks against a password, at once; empty when nothing does.</summary>
    /// <param name="field">The input the errors are about.</param>
    /// <param name="names">Username, e-mail address and such, none of which may be the password.</param>
    public static List<Error> Check(string? password, string field, params string?[] names)
    {
        if (string.IsNullOrEmpty(password)) return [Error.Required(field)];
        if (password.Length > LongestTyped) return [new Error("password.long", field, LongestTyped)];
        var errors = new List<Error>();
        if (password.Length < Shortest) errors.Add(new Error("password.short", field, Shortest));
        if (password.Any(char.IsControl)) errors.Add(new Error("password.control", field));
        var plain = Plain(password);
        if (names.SelectMany(Forms).Any(name => plain == name || (Bare(name) is { Length: > 3 } bare && Bare(plain) == bare)))
            errors.Add(new Error("password.name", field));
        else if (password.Length >= Shortest && (IsKnown(plain) || password.Distinct().Count() < 4))
            errors.Add(new Error("password.common", field));
        return errors;
    }

    private static bool IsKnown(string plain) => Spanish.Contains(plain) || Leaked.Value.Contains(plain) || IsOfTheHouse(plain);

    private static bool IsOfTheHouse(string plain)
    {
        var left = string.Concat(plain.Where(char.IsLetter));
        return left.Length > 1 && OfTheHouse.Aggregate(left, (rest, word) => rest.Replace(word, "", StringComparison.Ordinal)).Length <= 1;
    }

    /// <summary>Without the year or number that people put around a name.</summary>
    private static string Bare(string plain) => plain.Trim("0123456789".ToCharArray());

    private static IEnumerable<string> Forms(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) yield break;
        yield return Plain(name);
        if (name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at) yield return Plain(name[..at]);
    }

    private static string Plain(string text) => string.Concat(
        text.Normalize(NormalizationForm.FormD)
            .Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && char.IsLetterOrDigit(c))
            .Select(char.ToLowerInvariant));
}
