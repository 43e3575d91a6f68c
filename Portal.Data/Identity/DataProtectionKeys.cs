using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Identity;

/// <summary>
/// Keeps the keys that protect cookies in the database, so that sessions outlive a restart and hold in every portal on it.
/// </summary>
public sealed class DataProtectionKeys(PortalStore portal) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = portal.Open(CurrentUser.System);
        return [.. db.DataProtectionKeys.AsNoTracking().OrderBy(k => k.Id).Select(k => k.Xml).ToList().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        // The interface is synchronous and is called once in months, at start.
        var xml = element.ToString(SaveOptions.DisableFormatting);
        using var db = portal.Open(CurrentUser.System);
        db.Database.ExecuteSql($"INSERT INTO data_protection_keys (friendly_name, xml) VALUES ({friendlyName}, {xml})");
    }
}
