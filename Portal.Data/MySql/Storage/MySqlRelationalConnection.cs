using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>Opens the driver's connections through the gate of their pool and sets their session up.</summary>
internal sealed class MySqlRelationalConnection(RelationalConnectionDependencies dependencies) : RelationalConnection(dependencies)
{
    // The place held in front of the pool; null when none is. A connection that the server dropped is opened again without a
    // close in between, so taking and giving back must both be repeatable.
    private MySqlPoolGate? _gate;

    protected override bool SupportsAmbientTransactions => false;

    protected override DbConnection CreateDbConnection()
        => new MySqlConnection(MySqlConnectionStrings.Force(GetValidatedConnectionString()));

    protected override void OpenDbConnection(bool errorsExpected)
    {
        if (_gate is null)
        {
            var gate = GateOfConnection();
            gate.Enter();
            _gate = gate;
        }

        try
        {
            base.OpenDbConnection(errorsExpected);
            MySqlSessionSetup.Apply((MySqlConnection)DbConnection);
        }
        catch
        {
            CloseDbConnection();
            throw;
        }
    }

    protected override async Task OpenDbConnectionAsync(bool errorsExpected, CancellationToken cancellationToken)
    {
        if (_gate is null)
        {
            var gate = GateOfConnection();
            await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
            _gate = gate;
        }

        try
        {
            await base.OpenDbConnectionAsync(errorsExpected, cancellationToken).ConfigureAwait(false);
            await MySqlSessionSetup.ApplyAsync((MySqlConnection)DbConnection).ConfigureAwait(false);
        }
        catch
        {
            await CloseDbConnectionAsync().ConfigureAwait(false);
            throw;
        }
    }

    protected override void CloseDbConnection()
    {
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
        try
        {
            await base.DisposeDbConnectionAsync().ConfigureAwait(false);
        }
        finally
        {
            LeaveGate();
        }
    }

    private MySqlPoolGate GateOfConnection() => MySqlPoolGate.For(MySqlConnectionStrings.Force(GetValidatedConnectionString()));

    private void LeaveGate() => Interlocked.Exchange(ref _gate, null)?.Leave();
}
