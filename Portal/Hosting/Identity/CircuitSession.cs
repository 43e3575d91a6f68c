using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Data.Audit;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// The signed-in state of one circuit. It ends when its session does: at once when the live feed tells of it, else at the next look. That
/// the database cannot be asked ends nothing. When only what the role may do has changed, the pages are told to ask again.
/// </summary>
public sealed class CircuitSession : RevalidatingServerAuthenticationStateProvider, IHostEnvironmentAuthenticationStateProvider
{
    private static readonly string[] RoleTables = ["roles", "role_permissions", "permissions", "modules"];

    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);

    private readonly SessionSource _sessions;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _gone = new();
    private IDisposable? _listening;
    private ClaimsPrincipal? _principal;
    private long _noted;

    public CircuitSession(SessionSource sessions, TimeProvider time, ILoggerFactory loggers) : base(loggers) =>
        (_sessions, _time, _noted) = (sessions, time, time.GetTimestamp());

    /// <summary>Whether this scope belongs to a page or circuit at all; an endpoint's does not.</summary>
    public bool HasState { get; private set; }

    // With what is remembered of sessions, within a minute of a change made past the portal.
    protected override TimeSpan RevalidationInterval { get; } = TimeSpan.FromSeconds(30);

    void IHostEnvironmentAuthenticationStateProvider.SetAuthenticationState(Task<AuthenticationState> authenticationStateTask)
    {
        HasState = true;
        SetAuthenticationState(authenticationStateTask);
    }

    /// <summary>
    /// Begins to listen for changes. Only in a circuit: a page that is being prerendered lasts a moment and was checked when it was asked
    /// for, and a change of state while its HTML is written out makes the framework write in circles until the process dies
    /// (dotnet/aspnetcore issue 69035).
    /// </summary>
    public void Watch() => _listening ??= _sessions.Listen(ListenAsync);

    /// <summary>The person did something in this circuit: the session was seen, which no request tells. Waits for nothing.</summary>
    public void Note()
    {
        if (_time.GetElapsedTime(_noted) < SessionSource.SeenEvery) return;
        _noted = _time.GetTimestamp();
        _ = NoteAsync();
    }

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState,
        CancellationToken cancellationToken
    ) => await StateAsync(authenticationState.User, cancellationToken) != SessionState.Ended;

    protected override void Dispose(bool disposing)
    {
        _gone.Cancel();
        _listening?.Dispose();
        base.Dispose(disposing);
    }

    private async Task<SessionState> StateAsync(ClaimsPrincipal principal, CancellationToken ct) =>
        principal.Ticket() is { } ticket ? await _sessions.CheckAsync(ticket, ct) : SessionState.Ended;

    private async Task NoteAsync()
    {
        var principal = (await GetAuthenticationStateAsync()).User;
        if (principal.Ticket() is { } ticket)
            await _sessions.SeenAsync(ticket, principal.FindFirstValue(PortalClaims.Address), CancellationToken.None);
    }

    private async Task ListenAsync(IReadOnlyList<Change> changes)
    {
        _principal ??= (await GetAuthenticationStateAsync()).User;
        if (_principal.AccountId() is not { } id) return;
        if (!changes.Any(c => c.Table == "users" ? c.RecordId == id : RoleTables.Contains(c.Table))) return;
        if (!await TellAsync(_principal)) _ = AskAgainAsync(_principal);
    }

    /// <summary>Tells the pages what holds now.</summary>
    /// <returns>False where the database did not say whether the session still does.</returns>
    private async Task<bool> TellAsync(ClaimsPrincipal principal)
    {
        var state = await StateAsync(principal, _gone.Token);
        if (state == SessionState.Ended) _principal = principal = new ClaimsPrincipal(new ClaimsIdentity());
        SetAuthenticationState(Task.FromResult(new AuthenticationState(principal)));
        return state != SessionState.Unknown;
    }

    /// <summary>Something ended or changed, and it was not to be learnt what: the next look would be half a minute away.</summary>
    private async Task AskAgainAsync(ClaimsPrincipal principal)
    {
        try
        {
            for (var waited = TimeSpan.Zero; waited < RevalidationInterval; waited += TryAgain)
            {
                await Task.Delay(TryAgain, _gone.Token);
                if (_principal != principal || await StateAsync(principal, _gone.Token) == SessionState.Unknown) continue;
                await TellAsync(principal);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
    }
}

/// <summary>Starts the watch when a circuit opens, and notes that it is used.</summary>
internal sealed class CircuitSessionWatch(AuthenticationStateProvider session) : CircuitHandler
{
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        (session as CircuitSession)?.Watch();
        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next) => context =>
    {
        (session as CircuitSession)?.Note();
        return next(context);
    };
}
