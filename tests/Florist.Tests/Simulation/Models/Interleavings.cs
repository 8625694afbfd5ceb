using System.Collections.Immutable;

namespace Florist.Tests.Simulation.Models;

/// <summary>A command of one of several clients, and what became of it.</summary>
/// <param name="Command">The command.</param>
/// <param name="Answer">What the client was told.</param>
internal sealed record Told<TCommand>(TCommand Command, string Answer);

/// <summary>
/// Whether what several clients were told at once could have been told by one after another: linearizability, found by
/// trying every order that keeps each client's own.
/// </summary>
internal static class Interleavings
{
    /// <summary>True when some order of the commands explains all answers and what is there in the end.</summary>
    /// <param name="clients">What each client was told, in its order.</param>
    /// <param name="begin">The model before.</param>
    /// <param name="step">The model after a command, and its answer.</param>
    /// <param name="isEnd">Whether a model is what is there in the end.</param>
    public static bool Explain<TCommand, TModel>(
        ImmutableArray<ImmutableArray<Told<TCommand>>> clients,
        TModel begin,
        Func<TModel, TCommand, (TModel Next, string? Answer)> step,
        Func<TModel, bool> isEnd)
    {
        if (clients.All(client => client.IsEmpty))
        {
            return isEnd(begin);
        }

        for (int i = 0; i < clients.Length; i++)
        {
            if (clients[i].IsEmpty)
            {
                continue;
            }

            Told<TCommand> first = clients[i][0];
            (TModel next, string? answer) = step(begin, first.Command);
            if (answer == first.Answer && Explain(clients.SetItem(i, clients[i][1..]), next, step, isEnd))
            {
                return true;
            }
        }

        return false;
    }
}
