using System.Globalization;
using System.Text;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.People;

namespace Portal.Areas.People;

/// <summary>A new person while they are being typed. Names are those of <see cref="NewAccount"/>: refusals find their field by
/// them.</summary>
public class PersonForm
{
    private string? _suggested;

    public string? FirstName { get; set; }
    public string? LastName { get; set; }
    public string? Username { get; set; }
    public string? Email { get; set; }
    public string? Phone { get; set; }
    public int? DocumentTypeId { get; set; }
    public string? DocumentNumber { get; set; }
    public int RoleId { get; set; } = Roles.Owner;

    public NewAccount Account() => new(Username, FirstName, LastName, Email, Phone, RoleId, DocumentTypeId, DocumentNumber);

    /// <summary>Fills in a username from the name, until somebody types their own: <c>andrea.ruiz</c>.</summary>
    public void Suggest()
    {
        if (!string.IsNullOrWhiteSpace(Username) && Username != _suggested) return;
        var words = new[] { Word(FirstName), Word(LastName) }.Where(word => word.Length > 0).ToList();
        if (words.Count == 2) Username = _suggested = string.Join('.', words);
    }

    private static string Word(string? name) =>
        string.Concat(
                ((name ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "")
                    .Normalize(NormalizationForm.FormD)
                    .Where(letter =>
                        CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark && char.IsAsciiLetterOrDigit(letter)
                    )
            )
            .ToLowerInvariant();
}

/// <summary>What is kept of a person while it is being corrected; names are those of <see cref="ContactInput"/>.</summary>
public sealed class ContactForm
{
    public string? FirstName { get; set; }
    public string? LastName { get; set; }
    public string? Email { get; set; }
    public string? Phone { get; set; }
    public string? Address { get; set; }
    public int? DocumentTypeId { get; set; }
    public string? DocumentNumber { get; set; }
    public DateOnly? BirthDate { get; set; }

    public static ContactForm Of(ContactInput input) =>
        new()
        {
            FirstName = input.FirstName,
            LastName = input.LastName,
            Email = input.Email,
            Phone = input.Phone,
            Address = input.Address,
            DocumentTypeId = input.DocumentTypeId,
            DocumentNumber = input.DocumentNumber,
            BirthDate = input.BirthDate,
        };

    public ContactInput Input() => new(FirstName, LastName, Email, Phone, Address, DocumentTypeId, DocumentNumber, BirthDate);
}
