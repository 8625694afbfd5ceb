using Npgsql;
using NpgsqlTypes;

namespace Florist.Adapters.Sql;

/// <summary>
/// A statement that takes a column of values a parameter, as arrays that are filled anew for each batch and keep their
/// room.
/// </summary>
internal sealed class PostgresStatement
{
    private readonly List<IColumn> columns = [];

    public PostgresStatement(string sql)
    {
        Command = new NpgsqlBatchCommand(sql);
    }

    /// <summary>The command for a batch; it reads the columns when the batch is sent.</summary>
    public NpgsqlBatchCommand Command { get; }

    /// <summary>A parameter that holds a text, a number or bytes.</summary>
    public static NpgsqlParameter Parameter(object value) => SqlValue.Stored(value) switch
    {
        string text => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text },
        long number => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
        byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
        _ => throw new ArgumentException("a value of a statement is not null", nameof(value)),
    };

    /// <summary>One more parameter of texts.</summary>
    public List<string?> Texts() => Add<string?>(NpgsqlDbType.Text);

    /// <summary>One more parameter of numbers.</summary>
    public List<long> Numbers() => Add<long>(NpgsqlDbType.Bigint);

    /// <summary>One more parameter of numbers that may be absent.</summary>
    public List<long?> NumbersOrNone() => Add<long?>(NpgsqlDbType.Bigint);

    /// <summary>One more parameter of bytes.</summary>
    public List<byte[]?> Bytes() => Add<byte[]?>(NpgsqlDbType.Bytea);

    /// <summary>Empties the columns.</summary>
    public void Clear()
    {
        foreach (IColumn column in columns)
        {
            column.Clear();
        }
    }

    private List<T> Add<T>(NpgsqlDbType type)
    {
        Column<T> column = new();
        columns.Add(column);
        Command.Parameters.Add(new NpgsqlParameter<List<T>>
        {
            TypedValue = column.Values,
            NpgsqlDbType = NpgsqlDbType.Array | type,
        });
        return column.Values;
    }

    private interface IColumn
    {
        void Clear();
    }

    private sealed class Column<T> : IColumn
    {
        public List<T> Values { get; } = [];

        public void Clear() => Values.Clear();
    }
}
