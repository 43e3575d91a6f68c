using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>Opens the driver's connections through the gate of their pool and sets their session up.</summary>
/// <remarks>
/// Invariant: the place in front of the pool is given back exactly once for each time it was taken, by a close, a dispose, a failed
/// opening, or the end of an abandoned one. A connection that the server dropped is opened again without a close in between.
/// </remarks>
internal sealed class MySqlRelationalConnection(RelationalConnectionDependencies dependencies) : RelationalConnection(dependencies)
{
    // The place held in front of the pool; null when none is.
    private MySqlPoolGate? _held;

    // An opening that nobody waited for to the end. Until it is over the connection belongs to it.
    private Task? _abandoned;

    protected override bool SupportsAmbientTransactions => false;

    private bool IsAbandoned => _abandoned is { IsCompleted: false };

    public override bool Open(bool errorsExpected = false)
    {
        if (IsAbandoned)
        {
            WaitForAbandonedAsync(CancellationToken.None).GetAwaiter().GetResult();
        }

        return base.Open(errorsExpected);
    }

    public override async Task<bool> OpenAsync(CancellationToken cancellationToken, bool errorsExpected = false)
    {
        if (IsAbandoned)
        {
            await WaitForAbandonedAsync(cancellationToken).ConfigureAwait(false);
        }

        return await base.OpenAsync(cancellationToken, errorsExpected).ConfigureAwait(false);
    }

    protected override DbConnection CreateDbConnection() => Gate().Create();

    protected override void OpenDbConnection(bool errorsExpected)
    {
        if (_held is null)
        {
            var gate = Gate();
            gate.Enter();
            _held = gate;
        }

        // The driver's synchronous opening has no time-out of its own that can be trusted.
        OpenHeldAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    protected override async Task OpenDbConnectionAsync(bool errorsExpected, CancellationToken cancellationToken)
    {
        if (_held is null)
        {
            var gate = Gate();
            await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
            _held = gate;
        }

        await OpenHeldAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override void CloseDbConnection()
    {
        if (IsAbandoned)
        {
            return;
        }

        try
        {
            base.CloseDbConnection();
        }
        finally
        {
            LeaveGate();
        }
    }

    protected override async Task CloseDbConnectionAsync()
    {
        if (IsAbandoned)
        {
            return;
        }

        try
        {
            await base.CloseDbConnectionAsync().ConfigureAwait(false);
        }
        finally
        {
            LeaveGate();
        }
    }

    protected override void DisposeDbConnection()
    {
        if (IsAbandoned)
        {
            return;
        }

        try
        {
            base.DisposeDbConnection();
        }
        finally
        {
            LeaveGate();
        }
    }

    protected override async ValueTask DisposeDbConnectionAsync()
    {
        if (IsAbandoned)
        {
            return;
        }

        try
        {
            await base.DisposeDbConnectionAsync().ConfigureAwait(false);
        }
        finally
        {
            LeaveGate();
        }
    }

    private async Task OpenHeldAsync(CancellationToken ct)
    {
        try
        {
            await MySqlOpening.OpenAsync((MySqlConnection)DbConnection, _held!.Patience, Abandon, ct).ConfigureAwait(false);
        }
        catch
        {
            await CloseDbConnectionAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Abandon(Task ended)
    {
        var gate = Interlocked.Exchange(ref _held, null)!;
        _abandoned = LeaveAfterAsync(ended, gate);
    }

    private static async Task LeaveAfterAsync(Task ended, MySqlPoolGate gate)
    {
        await ended.ConfigureAwait(false);
        gate.Leave();
    }

    private Task WaitForAbandonedAsync(CancellationToken ct) => _abandoned!.WaitAsync(Gate().Patience, ct);

    private MySqlPoolGate Gate() => MySqlPoolGate.For(GetValidatedConnectionString());

    private void LeaveGate() => Interlocked.Exchange(ref _held, null)?.Leave();
}
