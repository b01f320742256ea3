"""How wrong is a prediction? PyTorch's loss modules, each with a second path written out step by step."""

import warnings

# The page shows what mean does to KLDivLoss, and says it; torch's warning of it would fill the server's log.
warnings.filterwarnings("ignore", message="reduction: 'mean' divides the total loss")
