using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Hosting;
using Portal.Resources;

namespace Portal.Areas.Account;

/// <summary>What somebody reads who has to wait before the next attempt.</summary>
internal static class Waits
{
    /// <summary>Their whole network has to.</summary>
    public static (string Title, string Text) Network(this IStringLocalizer<AccountWords> words, TimeSpan wait) =>
        (words["signin.limited"], words["signin.limited.text", Math.Ceiling(wait.TotalSeconds)]);

    /// <summary>They have to, for this account; also said in the answer's head. Null where the refusal is another one.</summary>
    public static (string Title, string Text)? Account(this IStringLocalizer<AccountWords> words, HttpContext http, Error refusal)
    {
        if (refusal.Code is not ("sign_in.wait" or "password.locked") || refusal.Values is not [DateTime until, int seconds]) return null;
        AddressLimiter.Refuse(http, TimeSpan.FromSeconds(seconds));
        var moment = until.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        return (words["signin.wait"], seconds < 90
            ? words["signin.wait.seconds", moment, seconds]
            : words["signin.wait.minutes", moment, (seconds + 59) / 60]);
    }
}
