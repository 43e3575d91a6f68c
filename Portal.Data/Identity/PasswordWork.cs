using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Portal.Data.Identity;

public enum PasswordCheck
{
    Wrong,
    Right,

    /// <summary>Right, but its hash is cheaper than hashes are made today, or tells of its first 72 bytes only: to be made again.</summary>
    RightButCheap,

    /// <summary>Too many wait already; nothing was computed.</summary>
    Busy,
}

/// <summary>
/// Computes password hashes, a few at a time, on threads of their own choosing: a tenth of a second of work must neither hold a circuit
/// nor, when
/// many sign in at once, the whole server. Every check of a wrong password costs the same, whatever hash is stored, or none.
/// </summary>
public sealed class PasswordWork : IPasswordHasher<User>, IDisposable
{
    private readonly SemaphoreSlim _places;
    private readonly AccountOptions _options;
    private readonly int _waitingMost;
    private int _waiting;
    private long _rounds;

    public PasswordWork(IOptions<AccountOptions> options)
    {
        _options = options.Value;
        if (_options.BcryptCost is < Bcrypt.LowestCost or > Bcrypt.HighestCost)
        {
            throw new InvalidOperationException(
                $"Identity:BcryptCost is {_options.BcryptCost}; set it between {Bcrypt.LowestCost} and {Bcrypt.HighestCost} (11 is usual)."
            );
        }

        var places = _options.ConcurrentHashes > 0 ? _options.ConcurrentHashes : Math.Max(1, Environment.ProcessorCount - 1);
        _places = new SemaphoreSlim(places, places);
        _waitingMost = _options.WaitingHashes + places;
    }

    /// <summary>bcrypt rounds computed so far (2^cost for each hash). Two checks that add the same cannot be told apart by time.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    public Task<string> HashAsync(string password, CancellationToken ct) => RunAsync(() => Hash(password), ct);

    /// <summary>Compares with a stored hash; null or unreadable (no such account, none set yet) is wrong and takes as long.</summary>
    public async Task<PasswordCheck> CheckAsync(string? stored, string password, CancellationToken ct)
    {
        if (Volatile.Read(ref _waiting) >= _waitingMost) return PasswordCheck.Busy;
        return await RunAsync(() => Check(stored, password), ct);
    }

    public string HashPassword(User user, string password) => Hash(password);

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword) =>
        Check(hashedPassword, providedPassword) switch
        {
            PasswordCheck.Right => PasswordVerificationResult.Success,
            PasswordCheck.RightButCheap => PasswordVerificationResult.SuccessRehashNeeded,
            _ => PasswordVerificationResult.Failed,
        };

    public void Dispose() => _places.Dispose();

    private string Hash(string password)
    {
        Count(_options.BcryptCost);
        return Bcrypt.Hash(password, _options.BcryptCost);
    }

    private PasswordCheck Check(string? stored, string password)
    {
        if (Bcrypt.CostOf(stored) is not { } cost)
        {
            Hash(password);
            return PasswordCheck.Wrong;
        }

        Count(cost);
        if (Bcrypt.Verify(stored!, password))
        {
            return cost < _options.BcryptCost || Bcrypt.IsCut(stored!, password) ? PasswordCheck.RightButCheap : PasswordCheck.Right;
        }


        // Make up the difference to today's cost: 2^c + 2^c + 2^(c+1) + ... + 2^(n-1) = 2^n.
        for (var step = cost; step < _options.BcryptCost; step++)
        {
            Count(step);
            Bcrypt.Hash(password, step);
        }

        return PasswordCheck.Wrong;
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _places.WaitAsync(ct);
            try
            {
                return await Task.Run(work, ct);
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void Count(int cost) => Interlocked.Add(ref _rounds, 1L << cost);
}
