using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Identity;
using Portal.Hosting;
using Portal.Hosting.Identity;

namespace Portal.Areas.Account;

public sealed partial class SignIn
{
    private (Tone Tone, string? Title, string? Text)? notice;
    private IReadOnlyList<Error> errors = [];
    private PasskeySite? site;

    // What was refused a moment ago is not offered by itself again.
    private bool passkeyRefused;

    [SupplyParameterFromForm(FormName = "sign-in")] private Form Input { get; set; } = null!;

    [SupplyParameterFromForm(FormName = PasskeyForm.Name)] private PasskeyInput Pass { get; set; } = null!;

    [SupplyParameterFromQuery(Name = IdentityWeb.Return)] private string? Return { get; set; }

    [SupplyParameterFromQuery] private string? ReturnUrl { get; set; }

    /// <summary>What happened before: <c>activated</c>, <c>left</c>, <c>over</c>.</summary>
    [SupplyParameterFromQuery] private string? After { get; set; }

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private SignInService SignIns { get; set; } = null!;

    [Inject] private PasskeySignInService Passkeys { get; set; } = null!;

    [Inject] private PasskeySites Sites { get; set; } = null!;

    [Inject] private SessionCookies Sessions { get; set; } = null!;

    [Inject] private SignInLimiter Limiter { get; set; } = null!;

    [Inject] private KnownDevices Devices { get; set; } = null!;

    [Inject] private HalfSignIns Halves { get; set; } = null!;

    [Inject] private SetupService Setup { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    private string Target => PreferenceEndpoints.Local(Return ?? ReturnUrl);

    protected override async Task OnInitializedAsync()
    {
        Input ??= new Form();
        Pass ??= new PasskeyInput();
        site = await PasskeyEndpoints.SiteAsync(Sites, Http);
        if (!HttpMethods.IsGet(Http.Request.Method)) return;
        if (await Setup.IsNeededAsync(Http.RequestAborted)) Nav.NavigateTo(IdentityWeb.SetupPath);
        else if (Http.User.Identity?.IsAuthenticated == true) Nav.NavigateTo(Target);
        notice = After switch
        {
            "activated" => (Tone.Ok, null, L["signin.activated"]),
            "over" => (Tone.Warn, null, L["signin.over"]),
            "left" => (Tone.Ok, null, L["signin.left"]),
            _ => null,
        };
    }

    /// <summary>Their name stays in the form; whether the password is right nobody knows.</summary>
    protected override bool Tell(Outage outage)
    {
        notice = Away;
        return true;
    }

    private (Tone Tone, string? Title, string? Text) Away => (Tone.Warn, S["page.away.title"], L["signin.away.text"]);

    private async Task EnterAsync()
    {
        Result<long> result = Error.NotFound;
        var origin = Devices.Origin(Http);
        var wait = await Limiter.TryAsync(
            Http,
            async () =>
            {
                result = await SignIns.SignInAsync(new Credentials(Input.Login, Input.Password, origin), Http.RequestAborted);
                return result.Error?.Code is not ("sign_in.wrong" or "sign_in.wait");
            },
            () => SignIns.IsKnownDeviceAsync(Input.Login, origin, Http.RequestAborted));
        if (wait is { } time)
        {
            var (title, text) = L.Network(time);
            notice = (Tone.Warn, title, text);
            return;
        }

        if (result.Ok)
        {
            await GoOnAsync(result.Value, Input.Remember, SignInMethods.Password);
            return;
        }

        if (HalfSignIn.Of(result.Error) is { } half)
        {
            Halves.Keep(Http, half, Input.Remember);
            Nav.NavigateTo(SecondStep.AddressFor(Target));
            return;
        }

        errors = result.Errors;
        Refuse(result.Error!);
    }

    /// <summary>What the device signed: no name, no password, and no code after it.</summary>
    private async Task EnterByPasskeyAsync()
    {
        if (site is null) return;
        passkeyRefused = true;
        Result<long> result = Error.NotFound;
        var origin = Devices.Origin(Http);
        var wait = await Limiter.TryAsync(Http, async () =>
        {
            result = await Passkeys.EnterAsync(Pass.Answer, site, origin, Http.RequestAborted);
            return result.Error?.Code is not ("passkey.refused" or "sign_in.wait");
        }, () => Passkeys.IsKnownDeviceAsync(Pass.Answer, origin, Http.RequestAborted));
        if (wait is { } time)
        {
            var (title, text) = L.Network(time);
            notice = (Tone.Warn, title, text);
            return;
        }

        if (result.Ok) await GoOnAsync(result.Value, Pass.Remember, SignInMethods.Passkey);
        else Refuse(result.Error!);
    }

    private async Task GoOnAsync(long accountId, bool remember, string methods)
    {
        var account = await Sessions.BeginAsync(Http, accountId, remember, methods);
        PreferenceEndpoints.Restore(Http, account.Language);
        Nav.NavigateTo(
            account.MustChangePassword ? IdentityWeb.PasswordPath

            // Once at each sign-in, while there is time still: they are asked, and may go on.
            : account.TwoStepDueAt is not null ? IdentityWeb.SecurityPath
            : Target);
    }

    private void Refuse(Error refused) =>
        notice = refused.Code switch
        {
            "required" or "too_long" => null,
            "sign_in.busy" => (Tone.Warn, L["signin.busy"], L["signin.busy.text"]),
            "passkey.over" => (Tone.Warn, L["passkey.over"], L["passkey.over.text"]),
            "passkey.refused" => (Tone.Bad, L["passkey.refused"], L["passkey.refused.text"]),
            _ when refused.IsOutage => Away,
            _ when L.Account(Http, refused) is { } told => (Tone.Warn, told.Title, told.Text),
            _ => (Tone.Bad, L["signin.refused"], L["signin.refused.text"]),
        };

    private string? Missing(string field) => errors.FirstOrDefault(e => e.Field == field)?.Explain(S, L);

    private sealed class Form
    {
        public string? Login { get; set; }

        public string? Password { get; set; }

        public bool Remember { get; set; }
    }
}
