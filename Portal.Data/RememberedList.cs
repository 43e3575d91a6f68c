using Portal.Data.Audit;

namespace Portal.Data;

/// <summary>
/// What is the same for everybody and seldom changes, such as the choices of a filter: as <see cref="Remembered{T}"/>, and not remembered
/// at all where nobody reads the audit log and tells of changes.
/// </summary>
/// <typeparam name="T">Immutable: everybody gets the same one.</typeparam>
internal sealed class RememberedList<T>(
    LiveFeed feed, TimeProvider time, IReadOnlyCollection<string> tables, Func<CancellationToken, Task<T>> read) : IDisposable
    where T : class
{
    private readonly Remembered<T> _known = new(feed, time, tables, read);

    public async ValueTask<T> GetAsync(CancellationToken ct) => feed.Epoch == 0 ? await read(ct) : await _known.GetAsync(ct);

    public void Forget() => _known.Forget();

    public void Dispose() => _known.Dispose();
}
