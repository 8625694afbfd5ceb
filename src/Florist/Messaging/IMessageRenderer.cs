namespace Florist.Messaging;

/// <summary>
/// Makes texts from models, by templates. Pure: the same model and <see cref="Version"/> always give the same text,
/// which is what lets an attempt be repeated or asked about.
/// </summary>
public interface IMessageRenderer
{
    /// <summary>Which edition of the templates this is: another one whenever any of their texts differs.</summary>
    string Version { get; }

    /// <summary>Makes an e-mail.</summary>
    /// <param name="model">The model; all its parts that the kind speaks of must be there.</param>
    /// <exception cref="MessageRenderException">A template is missing, or asks for what the model lacks.</exception>
    RenderedEmail Email(MessageModel model);

    /// <summary>Makes a text message of at most two parts, in GSM-7 where the names in it allow.</summary>
    /// <param name="model">As for <see cref="Email"/>.</param>
    /// <exception cref="MessageRenderException">As for <see cref="Email"/>.</exception>
    string Sms(MessageModel model);
}

/// <summary>The texts of an e-mail.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">The plain-text part.</param>
/// <param name="Html">The HTML part: a whole document that loads nothing but images.</param>
public sealed record RenderedEmail(string Subject, string Text, string Html);

/// <summary>A text could not be made: the template or the model is wrong, and a repeat would be as wrong.</summary>
public sealed class MessageRenderException(string message, Exception? inner = null) : Exception(message, inner);
