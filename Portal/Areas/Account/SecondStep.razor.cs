using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Identity;
using Portal.Hosting;
using Portal.Hosting.Identity;

namespace Portal.Areas.Account;

/// <summary>The code or passkey that an account asks for after the right password.</summary>
public sealed partial class SecondStep
{
    public const string Address = "/sign-in/code";

    private (Tone Tone, string? Title, string? Text)? notice;
    private Error? refused;
    private PasskeySite? site;
    private SecondStepWays ways = new(true, false);

    [SupplyParameterFromForm(FormName = "second-step")] private Form Input { get; set; } = null!;

    [SupplyParameterFromForm(FormName = PasskeyForm.Name)] private PasskeyInput Pass { get; set; } = null!;

    [SupplyParameterFromQuery(Name = IdentityWeb.Return)] private string? Return { get; set; }

    /// <summary>The person has lost the app.</summary>
    [SupplyParameterFromQuery(Name = "recovery")] private string? RecoveryInAddress { get; set; }

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private SecondStepService Steps { get; set; } = null!;

    [Inject] private PasskeySites Sites { get; set; } = null!;

    [Inject] private HalfSignIns Halves { get; set; } = null!;

    [Inject] private SessionCookies Sessions { get; set; } = null!;

    [Inject] private SignInLimiter Limiter { get; set; } = null!;

    [Inject] private KnownDevices Devices { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    /// <summary>Asked for, or all that is left: their passkeys are for another address of the portal.</summary>
    private bool Recovery => RecoveryInAddress == "true" || !ways.App && !ways.Passkey;

    private string Title => Recovery || ways.App ? "step.title" : "step.title.passkey";

    private string Target => PreferenceEndpoints.Local(Return);

    private string Other => AddressFor(Target, !Recovery);

    private string? Missing => refused?.Code is "required" or "too_long" ? refused.Explain(S, L) : null;

    public static string AddressFor(string target, bool recovery = false) =>
        $"{Address}?{IdentityWeb.Return}={Uri.EscapeDataString(target)}{(recovery ? "&recovery=true" : "")}";

    protected override async Task OnInitializedAsync()
    {
        Input ??= new Form();
        Pass ??= new PasskeyInput();
        var half = Halves.Read(Http);
        if (half is { } begun)
        {
            site = await PasskeyEndpoints.SiteAsync(Sites, Http);
            ways = await Steps.WaysAsync(begun.Half, site, Http.RequestAborted);
        }

        if (!HttpMethods.IsGet(Http.Request.Method)) return;

        // Who is signed in as somebody else goes on to become the one whose password they gave.
        if (Http.User.AccountId() is { } id && (half is null || half.Value.Half.AccountId == id)) Nav.NavigateTo(Target);
        else if (half is null) Nav.NavigateTo(IdentityWeb.SignInPath);
    }

    /// <summary>Whether the code is right nobody knows.</summary>
    protected override bool Tell(Outage outage)
    {
        notice = Away;
        return true;
    }

    private (Tone Tone, string? Title, string? Text) Away => (Tone.Warn, S["page.away.title"], L["step.away.text"]);

    private Task EnterAsync() => EnterAsync((half, origin) =>
        Steps.EnterAsync(new Data.Identity.SecondStep(half, Input.Code, origin), Http.RequestAborted));

    private Task EnterByPasskeyAsync() => EnterAsync(async (half, origin) =>
        site is null ? Error.NotFound : await Steps.EnterAsync(half, Pass.Answer, site, origin, Http.RequestAborted));

    private async Task EnterAsync(Func<HalfSignIn, AttemptOrigin, Task<Result<SecondStepDone>>> enter)
    {
        if (Halves.Read(Http) is not { } kept)
        {
            Nav.NavigateTo(IdentityWeb.SignInPath + "?after=over");
            return;
        }

        Result<SecondStepDone> result = Error.NotFound;
        var origin = Devices.Origin(Http);
        var wait = await Limiter.TryAsync(
            Http,
            async () =>
            {
                result = await enter(kept.Half, origin);
                return result.Error?.Code is not ("second_step.wrong" or "passkey.refused" or "sign_in.wait");
            },
            () => Task.FromResult(origin.Devices?.ContainsKey(kept.Half.AccountId) == true));
        if (wait is { } time)
        {
            var (title, text) = L.Network(time);
            notice = (Tone.Warn, title, text);
            return;
        }

        if (result.Ok)
        {
            HalfSignIns.End(Http);
            var account = await Sessions.BeginAsync(Http, result.Value.AccountId, kept.Remember, result.Value.Methods);
            PreferenceEndpoints.Restore(Http, account.Language);
            Nav.NavigateTo(
                account.MustChangePassword ? IdentityWeb.PasswordPath
                : result.Value.FewCodes ? IdentityWeb.SecurityPath
                : Target);
            return;
        }

        // Never sent back: it may still be good.
        Input.Code = null;
        refused = result.Error!;
        if (refused.Code == "second_step.over")
        {
            HalfSignIns.End(Http);
            Nav.NavigateTo(IdentityWeb.SignInPath + "?after=over");
            return;
        }

        notice = refused.Code switch
        {
            "required" or "too_long" => null,
            "passkey.over" => (Tone.Warn, L["passkey.over"], L["passkey.over.text"]),
            "passkey.refused" => (Tone.Bad, L["passkey.refused"], L["passkey.refused.text"]),
            _ when refused.IsOutage => Away,
            _ when L.Account(Http, refused) is { } told => (Tone.Warn, told.Title, told.Text),
            _ => (Tone.Bad, L["step.refused"], L[Recovery ? "step.refused.recovery" : "step.refused.text"]),
        };
    }

    private sealed class Form
    {
        public string? Code { get; set; }
    }
}
