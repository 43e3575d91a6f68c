using System.Globalization;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.People;

namespace Portal.Data.FirstDay;

/// <summary>Whom a row names: somebody the portal knows, somebody of an earlier row, or somebody new.</summary>
internal sealed class ImportPeople(ImportKnown known, ImportPlan plan)
{
    private readonly Dictionary<string, PlannedPerson> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlannedPerson> _mails = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Name, PlannedUnit Unit), PlannedPerson> _named = [];
    private readonly Dictionary<long, PlannedPerson> _users = [];
    private readonly Dictionary<string, int> _counted = new(StringComparer.Ordinal);

    /// <summary>Who owns the unit of a row, or lives in it.</summary>
    public void Read(
        PlannedUnit unit, int line, OccupancyKind kind, string name, string documentKind, string document, string mail, string phone,
        Faults fault)
    {
        if (name.Length == 0 && document.Length == 0) return;
        var owner = kind == OccupancyKind.Owner;
        var (nameField, documentField, mailField) = owner
            ? (ImportField.Owner, ImportField.OwnerDocument, ImportField.OwnerMail)
            : (ImportField.Tenant, ImportField.TenantDocument, ImportField.TenantMail);
        var key = DocumentNumbers.Key(document);
        var type = ImportCells.DocumentKind(documentKind, document);
        var wrong = false;
        void Wrong(ImportField field, ImportFault why, string value, int? other = null)
        {
            wrong = true;
            fault(field, why, value, other);
        }

        if (document.Length > 0 && (!DocumentNumbers.CanBe(key) || document.Length > 50))
            Wrong(documentField, ImportFault.Document, document);
        if (type is null) Wrong(ImportField.OwnerDocumentKind, ImportFault.DocumentKind, documentKind);
        if (mail.Length > 0 && (mail.Length > 255 || !AccountService.IsAddress(mail))) Wrong(mailField, ImportFault.Mail, mail);
        var names = ImportCells.Name(name);
        var byDocument = key.Length == 0 ? null : known.Documented(document);
        if (names is null && (name.Length > 0 || (byDocument is null && !_documents.ContainsKey(key))))
            Wrong(nameField, ImportFault.Name, name);
        if (wrong) return;

        var called = names is { } said ? Spelling.WordKey($"{said.First}{said.Last}") : "";

        // By document, by address where the name is the same, by name within the unit.
        var there = byDocument
            ?? (key.Length == 0 && mail.Length > 0 && known.ByMail.GetValueOrDefault(mail) is { } mailed
                && Spelling.WordKey(mailed.Name) == called ? mailed : null)
            ?? (key.Length == 0 ? Tied(unit, kind, called) : null);
        var person = there is not null ? _users.GetValueOrDefault(there.UserId)
            : key.Length > 0 ? _documents.GetValueOrDefault(key)
            : _mails.GetValueOrDefault(mail) is { } shared && Spelling.WordKey(shared.Name) == called
                ? shared
                : _named.GetValueOrDefault((called, unit));
        if (person is { Known: null } && name.Length > 0 && Spelling.WordKey(person.Name) != called)
        {
            fault(nameField, ImportFault.Differs, name, person.Line);
            return;
        }

        if (mail.Length > 0 && known.ByMail.TryGetValue(mail, out var whose) && whose.UserId != there?.UserId)
        {
            fault(mailField, ImportFault.MailTaken, $"{mail} · {whose.Name}");
            return;
        }

        if (mail.Length > 0 && _mails.TryGetValue(mail, out var other) && other != person)
        {
            fault(mailField, ImportFault.MailTaken, mail, other.Line);
            return;
        }

        if (person is null)
        {
            var (first, last) = names ?? ("", "");
            var rows = there is null ? default : known.Rows.GetValueOrDefault(there.UserId);
            person = new PlannedPerson(first, last, line)
            {
                Known = there, UserId = there?.UserId ?? 0, OwnerRow = rows.Owner, TenantRow = rows.Tenant,
            };
            plan.People.Add(person);
            if (there is not null) _users[there.UserId] = person;
        }

        if (key.Length > 0)
        {
            (person.Document, person.DocumentKind) = (person.Document ?? document, person.DocumentKind ?? type);
            foreach (var one in DocumentNumbers.Keys(document)) _documents.TryAdd(one, person);
        }
        else
        {
            _named.TryAdd((called, unit), person);
        }

        if (mail.Length > 0)
        {
            person.Mail ??= mail;
            _mails.TryAdd(mail, person);
        }

        person.Phone ??= ImportCells.Phone(phone);
        Tie(unit, person, kind, nameField, fault);
    }

    private void Tie(
        PlannedUnit unit, PlannedPerson person, OccupancyKind kind, ImportField field, Faults fault)
    {
        if (!unit.Ties.Add((person, kind))) return;
        var there = unit.Known is null ? [] : known.Ties[unit.Known.Id].Where(t => t.Kind == kind).ToList();
        if (person.Known is not null && there.Exists(t => t.UserId == person.Known.UserId)) return;
        if (there.Count > 0)
        {
            // The portal is newer than the list: an apartment that was sold does not go back to who sold it.
            var name = known.ByUser.GetValueOrDefault(there[0].UserId)?.Name ?? "";
            fault(field, kind == OccupancyKind.Owner ? ImportFault.OtherOwner : ImportFault.OtherTenant, name);
            return;
        }

        unit.NewTies.Add((person, kind));
    }

    private KnownPerson? Tied(PlannedUnit unit, OccupancyKind kind, string called)
    {
        if (unit.Known is null) return null;
        return known.Ties[unit.Known.Id].Where(t => t.Kind == kind).Select(t => known.ByUser.GetValueOrDefault(t.UserId))
            .FirstOrDefault(p => p is not null && Spelling.WordKey(p.Name) == called);
    }

    /// <summary>Usernames for who gets an account.</summary>
    public void NameAccounts()
    {
        foreach (var person in plan.People.Where(p => p.Known is null)) person.UserName = UserName(person);
    }

    /// <summary>First and last name with a point between, as a person would choose it; counted on where it is taken.</summary>
    private string UserName(PlannedPerson person)
    {
        var words = new[] { person.First, person.Last }
            .Select(part => Spelling.WordKey(part.Split(' ')[0]).ToLowerInvariant()).Where(word => word.Length > 0);
        var wanted = string.Join('.', words) is { Length: >= 3 } plain ? plain : "persona";
        if (wanted.Length > 40) wanted = wanted[..40];
        var name = wanted;
        for (var i = _counted.GetValueOrDefault(wanted, 1); !known.UserNames.Add(name);)
        {
            _counted[wanted] = ++i;
            name = wanted + i.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }
}
